package meta

import (
	"strconv"
	"time"

	"parley/channels"
	"parley/domain/interaction"
)

// meaning is what a code of Meta means for a message.
type meaning struct {
	outcome channels.Outcome
	reason  interaction.FailureReason
	effect  channels.Effect
	wait    time.Duration
}

const (
	notAccepted = channels.NotAccepted
	unknown     = channels.Unknown
	failed      = channels.Failed
)

// meanings holds Meta's codes. A code that is not listed fails the message, with Meta's text as the detail.
var meanings = map[int]meaning{
	0:      {failed, interaction.FailedToken, channels.StopAccount, 0},
	190:    {failed, interaction.FailedToken, channels.StopAccount, 0},
	3:      {failed, interaction.FailedPermission, channels.StopAccount, 0},
	10:     {failed, interaction.FailedPermission, channels.StopAccount, 0},
	131005: {failed, interaction.FailedPermission, channels.StopAccount, 0},

	1:      {unknown, interaction.FailedUnclear, "", 0},
	131000: {unknown, interaction.FailedUnclear, "", 0},
	135000: {unknown, interaction.FailedUnclear, "", 0},

	2:      {notAccepted, interaction.FailedProviderDown, "", time.Second},
	131016: {notAccepted, interaction.FailedProviderDown, "", time.Second},
	133004: {notAccepted, interaction.FailedProviderDown, "", time.Second},
	131057: {notAccepted, interaction.FailedProviderDown, channels.SlowNumber, time.Minute},
	4:      {notAccepted, interaction.FailedProviderBusy, channels.SlowNumber, time.Minute},
	80007:  {notAccepted, interaction.FailedProviderBusy, channels.SlowNumber, time.Minute},
	130429: {notAccepted, interaction.FailedNumberBusy, channels.SlowNumber, time.Second},
	131056: {notAccepted, interaction.FailedCustomerBusy, channels.SlowRecipient, 4 * time.Second},

	33:     {failed, interaction.FailedAccountUnknown, channels.StopAccount, 0},
	100:    {failed, interaction.FailedRejected, "", 0},
	131008: {failed, interaction.FailedRejected, "", 0},
	131009: {failed, interaction.FailedRejected, "", 0},
	368:    {failed, interaction.FailedAccountRestricted, channels.StopAccount, 0},
	131031: {failed, interaction.FailedAccountRestricted, channels.StopAccount, 0},
	130403: {failed, interaction.FailedCountry, "", 0},
	130497: {failed, interaction.FailedCountry, "", 0},
	130472: {failed, interaction.FailedExperiment, "", 0},
	131021: {failed, interaction.FailedOwnNumber, "", 0},
	131026: {failed, interaction.FailedUnreachable, "", 0},
	131030: {failed, interaction.FailedTestNumber, "", 0},
	131037: {failed, interaction.FailedAccountName, channels.StopAccount, 0},
	131042: {failed, interaction.FailedAccountPayment, channels.StopTemplates, 0},
	131045: {failed, interaction.FailedAccountRegistering, channels.StopAccount, 0},
	133010: {failed, interaction.FailedAccountRegistering, channels.StopAccount, 0},
	131047: {failed, interaction.FailedWindow, "", 0},
	131048: {failed, interaction.FailedSpam, channels.StopTemplates, 0},
	131049: {failed, interaction.FailedMarketingLimit, "", 0},
	131050: {failed, interaction.FailedMarketingStopped, "", 0},
	131051: {failed, interaction.FailedKind, "", 0},
	131052: {failed, interaction.ProblemFile, "", 0},
	131053: {failed, interaction.FailedFile, "", 0},
	131060: {failed, interaction.ProblemWithheld, "", 0},
	131062: {failed, interaction.FailedHiddenNumber, "", 0},
	131063: {failed, interaction.FailedMarketingOff, "", 0},
	131064: {failed, interaction.FailedTemplateCategory, channels.StopTemplates, 0},
	132000: {failed, interaction.FailedTemplateVariables, "", 0},
	132008: {failed, interaction.FailedTemplateVariables, "", 0},
	132012: {failed, interaction.FailedTemplateVariables, "", 0},
	132001: {failed, interaction.FailedTemplateUnknown, "", 0},
	132005: {failed, interaction.FailedTemplateLength, "", 0},
	132007: {failed, interaction.FailedTemplatePolicy, "", 0},
	132015: {failed, interaction.FailedTemplatePaused, "", 0},
	132016: {failed, interaction.FailedTemplateDisabled, "", 0},
	132068: {failed, interaction.FailedFormBlocked, "", 0},
	132069: {failed, interaction.FailedFormLimited, "", 0},
	133016: {failed, interaction.FailedAccountRegistering, channels.StopAccount, 0},
	137000: {failed, interaction.FailedIdentity, "", 0},
}

// meaningOf looks up a code. Codes 200 to 299 are all permission errors.
func meaningOf(code string) (meaning, bool) {
	n, err := strconv.Atoi(code)
	if err != nil {
		return meaning{}, false
	}
	if n >= 200 && n <= 299 {
		n = 10
	}
	m, ok := meanings[n]
	return m, ok
}

// explain adds reason and effect to an error of Meta.
func explain(code, title, details string) channels.ProviderError {
	out := channels.ProviderError{Code: code, Title: title, Details: details, Reason: interaction.FailedOther}
	if m, ok := meaningOf(code); ok {
		out.Reason = m.reason
	}
	return out
}
