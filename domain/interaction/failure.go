package interaction

// FailureReason is our own code for why a message could not be sent or shown. Screens put it into words.
type FailureReason string

// The reasons why a message was not sent.
const (
	FailedToken              FailureReason = "TOKEN_INVALID"      // an admin must replace the access token
	FailedPermission         FailureReason = "PERMISSION_MISSING" // an admin must grant it at the provider
	FailedAccountRestricted  FailureReason = "ACCOUNT_RESTRICTED"
	FailedAccountUnknown     FailureReason = "ACCOUNT_UNKNOWN"     // the provider no longer has the number
	FailedAccountDown        FailureReason = "ACCOUNT_UNAVAILABLE" // disabled, or not readable
	FailedAccountName        FailureReason = "ACCOUNT_NAME"        // the display name is not approved
	FailedAccountPayment     FailureReason = "ACCOUNT_PAYMENT"
	FailedAccountRegistering FailureReason = "ACCOUNT_NOT_REGISTERED"
	FailedProviderDown       FailureReason = "PROVIDER_UNAVAILABLE" // tried again
	FailedProviderBusy       FailureReason = "TOO_MANY_REQUESTS"    // tried again
	FailedNumberBusy         FailureReason = "NUMBER_TOO_FAST"      // tried again
	FailedCustomerBusy       FailureReason = "CUSTOMER_TOO_FAST"    // tried again
	FailedUnclear            FailureReason = "OUTCOME_UNCLEAR"      // the provider did not say whether it accepted the message
	FailedMarked             FailureReason = "MARKED_FAILED"        // by the owner, after the outcome was unknown
	FailedRejected           FailureReason = "MESSAGE_REJECTED"     // a part of it was not accepted
	FailedEmpty              FailureReason = "MESSAGE_EMPTY"
	FailedErased             FailureReason = "MESSAGE_ERASED" // erased before it could be sent
	FailedKind               FailureReason = "KIND_UNSUPPORTED"
	FailedFile               FailureReason = "FILE_REJECTED"
	FailedFileUnreadable     FailureReason = "FILE_UNREADABLE"   // our own copy of it
	FailedNoFiles            FailureReason = "FILES_UNSUPPORTED" // the provider accepts none
	FailedNoTarget           FailureReason = "REACTION_TARGET_UNKNOWN"
	FailedNoAddress          FailureReason = "CUSTOMER_ADDRESS" // no address the provider could deliver to
	FailedNumberMoved        FailureReason = "NUMBER_MOVED"     // the number belongs to someone else by now
	FailedOwnNumber          FailureReason = "CUSTOMER_IS_ACCOUNT"
	FailedUnreachable        FailureReason = "CUSTOMER_UNREACHABLE" // not on the channel, or the app is too old
	FailedHiddenNumber       FailureReason = "CUSTOMER_NUMBER_HIDDEN"
	FailedIdentity           FailureReason = "CUSTOMER_IDENTITY" // a changed key has to be confirmed
	FailedTestNumber         FailureReason = "TEST_NUMBER"       // it sends only to listed recipients
	FailedCountry            FailureReason = "COUNTRY_BLOCKED"
	FailedWindow             FailureReason = "WINDOW_CLOSED"
	FailedSpam               FailureReason = "REPORTED_AS_SPAM"
	FailedExperiment         FailureReason = "MARKETING_EXPERIMENT"
	FailedMarketingLimit     FailureReason = "MARKETING_LIMIT"   // the customer gets too much marketing
	FailedMarketingStopped   FailureReason = "MARKETING_STOPPED" // by the customer
	FailedMarketingOff       FailureReason = "MARKETING_OFF"     // for the account
	FailedTemplateUnknown    FailureReason = "TEMPLATE_UNKNOWN"
	FailedTemplateVariables  FailureReason = "TEMPLATE_VARIABLES"
	FailedTemplateCategory   FailureReason = "TEMPLATE_CATEGORY"
	FailedTemplateLength     FailureReason = "TEMPLATE_TOO_LONG"
	FailedTemplatePolicy     FailureReason = "TEMPLATE_POLICY"
	FailedTemplatePaused     FailureReason = "TEMPLATE_PAUSED"
	FailedTemplateDisabled   FailureReason = "TEMPLATE_DISABLED"
	FailedFormBlocked        FailureReason = "FORM_BLOCKED"
	FailedFormLimited        FailureReason = "FORM_LIMITED"
)

// The reasons why what a customer sent cannot be shown.
const (
	ProblemUnsupported  FailureReason = "CONTENT_UNSUPPORTED"
	ProblemTooLarge     FailureReason = "CONTENT_TOO_LARGE"
	ProblemWithheld     FailureReason = "CONTENT_WITHHELD" // by the provider; the phone app shows it
	ProblemFile         FailureReason = "FILE_UNAVAILABLE" // the provider has lost it
	ProblemFileDiffers  FailureReason = "FILE_DIFFERS"     // the provider served something other than it promised
	ProblemFileTooLarge FailureReason = "FILE_TOO_LARGE_TO_FETCH"
)

// FailedOther stands for a provider's code that we do not know.
const FailedOther FailureReason = "OTHER"

// Failure is why a message could not be sent, or why it or its file cannot be shown.
type Failure struct {
	Reason FailureReason `json:"reason"`
	Kind   string        `json:"kind,omitempty"`   // of an unsupported message, in the provider's terms
	Code   string        `json:"code,omitempty"`   // the provider's
	Detail string        `json:"detail,omitempty"` // the provider's text, which may quote personal data
}
