package channels

import (
	"regexp"

	"parley/domain/phone"
)

var userID = regexp.MustCompile(`^[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}$`)

// IsUserID reports whether an address is a business-scoped user id and not a number.
func IsUserID(address string) bool { return userID.MatchString(address) }

// Aliases returns everything that identifies the sender, most lasting first: bsuid:…, bsuid-parent:…, tel:….
// Aliases are personal data: hash them under the deployment's key before they become ids.
func (s Sender) Aliases() []string {
	var names []string
	if s.UserID != "" {
		names = append(names, "bsuid:"+s.UserID)
	}
	if s.ParentUserID != "" {
		names = append(names, "bsuid-parent:"+s.ParentUserID)
	}
	if tel := phone.Alias(s.WaID); tel != "" {
		names = append(names, tel)
	}
	return names
}
