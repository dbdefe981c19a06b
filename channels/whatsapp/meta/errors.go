package meta

import (
	"strconv"
	"strings"
	"time"
	"unicode"

	"parley/channels"
)

// meaning is what one of Meta's codes says about a message and what to tell the agent.
type meaning struct {
	outcome channels.Outcome
	words   string
	effect  channels.Effect
	wait    time.Duration
}

const (
	notTaken = channels.NotTaken
	unknown  = channels.Unknown
	refused  = channels.Refused

	wordsToken      = "The account's access token is no longer valid. An administrator has to replace it."
	wordsPermission = "The account lacks a permission at Meta. An administrator has to grant it."
	wordsBusy       = "WhatsApp is not available for a moment. It will be tried again."
	wordsUnclear    = "WhatsApp did not say whether it took the message."
	wordsAccount    = "Meta has restricted this account. An administrator has to look into it."
	wordsParameter  = "WhatsApp did not accept a part of this message."
	wordsVariables  = "The template's variables do not fit. Choose the template again."
	wordsTemplate   = "This template does not exist in this language or is not approved."
)

// meanings are Meta's codes. What is not here is refused, with the code and Meta's text in the words.
var meanings = map[int]meaning{
	0: {refused, wordsToken, channels.StopAccount, 0}, 190: {refused, wordsToken, channels.StopAccount, 0},
	3: {refused, wordsPermission, channels.StopAccount, 0}, 10: {refused, wordsPermission, channels.StopAccount, 0},
	131005: {refused, wordsPermission, channels.StopAccount, 0},

	1: {unknown, wordsUnclear, "", 0}, 131000: {unknown, wordsUnclear, "", 0}, 135000: {unknown, wordsUnclear, "", 0},

	2: {notTaken, wordsBusy, "", time.Second}, 131016: {notTaken, wordsBusy, "", time.Second},
	133004: {notTaken, wordsBusy, "", time.Second}, 131057: {notTaken, wordsBusy, channels.SlowNumber, time.Minute},
	4:      {notTaken, "Too many requests were sent to Meta. It will be tried again in some minutes.", channels.SlowNumber, time.Minute},
	80007:  {notTaken, "Too many requests were sent to Meta. It will be tried again in some minutes.", channels.SlowNumber, time.Minute},
	130429: {notTaken, "This number is sending as fast as WhatsApp allows. It will be tried again.", channels.SlowNumber, time.Second},
	131056: {notTaken, "Too many messages to this customer in a short time. It will be tried again.", channels.SlowRecipient, 4 * time.Second},

	33:  {refused, "This number no longer exists at Meta. An administrator has to look into it.", channels.StopAccount, 0},
	100: {refused, wordsParameter, "", 0}, 131008: {refused, wordsParameter, "", 0}, 131009: {refused, wordsParameter, "", 0},
	368: {refused, wordsAccount, channels.StopAccount, 0}, 131031: {refused, wordsAccount, channels.StopAccount, 0},
	130403: {refused, "WhatsApp does not allow messages to this country.", "", 0},
	130497: {refused, "WhatsApp does not allow messages to this country.", "", 0},
	130472: {refused, "WhatsApp did not deliver it: this customer is in one of Meta's experiments with marketing messages.", "", 0},
	131021: {refused, "The customer's number is this account's own number.", "", 0},
	131026: {refused, "WhatsApp cannot deliver to this customer: the number may not be on WhatsApp, or the app is too old.", "", 0},
	131030: {refused, "This is a test number and the customer is not on its list of recipients.", "", 0},
	131037: {refused, "The account's display name is not approved. An administrator has to look into it.", channels.StopAccount, 0},
	131042: {refused, "There is a problem with the account's payment at Meta. An administrator has to look into it.", channels.StopTemplates, 0},
	131045: {refused, "This account's number is not registered. An administrator has to look into it.", channels.StopAccount, 0},
	133010: {refused, "This account's number is not registered. An administrator has to look into it.", channels.StopAccount, 0},
	131047: {refused, "More than 24 hours have passed since the customer last wrote. Only a template can be sent now.", channels.WindowClosed, 0},
	131048: {refused, "Too many messages of this number were reported as spam. Templates are stopped for now.", channels.StopTemplates, 0},
	131049: {refused, "WhatsApp did not deliver it, so that this customer does not get too many marketing messages. Do not try again today.", "", 0},
	131050: {refused, "This customer has stopped marketing messages from us.", "", 0},
	131051: {refused, "This kind of message is not supported.", "", 0},
	131052: {refused, "The customer's file could not be loaded. Ask for it to be sent again.", "", 0},
	131053: {refused, "WhatsApp could not use this file. Check its type and size.", "", 0},
	131060: {refused, "WhatsApp did not hand over the content of this message. It can be seen in the phone app.", "", 0},
	131062: {refused, "This kind of message needs the customer's number, which is hidden.", "", 0},
	131063: {refused, "Marketing templates are switched off for this account.", "", 0},
	131064: {refused, "Templates are limited because one was put into the wrong category.", channels.StopTemplates, 0},
	132000: {refused, wordsVariables, "", 0}, 132008: {refused, wordsVariables, "", 0}, 132012: {refused, wordsVariables, "", 0},
	132001: {refused, wordsTemplate, "", 0},
	132005: {refused, "The template's text is too long once its variables are filled in.", "", 0},
	132007: {refused, "The template's text breaks one of WhatsApp's rules.", "", 0},
	132015: {refused, "This template is paused because of poor quality.", "", 0},
	132016: {refused, "This template was disabled because of poor quality.", "", 0},
	132068: {refused, "The form behind this template is blocked.", "", 0},
	132069: {refused, "The form behind this template is limited for the moment.", "", 0},
	133016: {refused, "This number was registered too often. An administrator has to look into it.", channels.StopAccount, 0},
	137000: {refused, "The customer's identity key has changed and must be confirmed first.", "", 0},
}

// meaningOf looks a code up; permission errors fill a whole range.
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

// explain adds words and effect to an error as Meta reports it.
func explain(code, title, details string) channels.ProviderError {
	out := channels.ProviderError{Code: code, Title: title, Details: details}
	m, ok := meaningOf(code)
	switch {
	case ok:
		out.Words, out.Effect = m.words, m.effect
	case code == "":
		out.Words = "WhatsApp reported an error without a code" + inWords(details, title)
	default:
		out.Words = "WhatsApp reported error " + code + inWords(details, title)
	}
	return out
}

// inWords is the first of some texts of Meta's that can be told to everybody. Words are not sealed, so a text that might quote a
// number or a mail address is passed over.
func inWords(texts ...string) string {
	for _, s := range texts {
		s = strings.TrimRight(strings.TrimSpace(s), ".")
		if s != "" && len(s) <= mostWords && !strings.ContainsAny(s, "@＠") && digitsIn(s) < fewestOfNumber {
			return ": " + s + "."
		}
	}
	return "."
}

const (
	mostWords      = 400 // bytes
	fewestOfNumber = 7   // digits
)

func digitsIn(s string) (n int) {
	for _, c := range s {
		if unicode.IsDigit(c) {
			n++
		}
	}
	return n
}
