package eventstore

import (
	"parley/domain/account"
	"parley/domain/address"
	"parley/domain/agent"
	"parley/domain/audit"
	"parley/domain/cannedanswer"
	"parley/domain/contact"
	"parley/domain/deployment"
	"parley/domain/disposition"
	"parley/domain/interaction"
	"parley/domain/list"
	"parley/domain/policy"
	"parley/domain/projection"
	"parley/domain/queue"
	"parley/domain/shortcode"
	"parley/domain/tag"
	"parley/domain/token"
	"parley/domain/transfer"
	"parley/domain/unplaced"
	"parley/domain/user"
)

// All returns the catalog of all events of all aggregates. Never remove a stored event from it.
func All() *Catalog {
	return NewCatalog(
		account.Created{}, account.Changed{}, account.Archived{}, account.SecretReplaced{}, account.Noticed{},
		address.AliasNamed{}, address.AliasIdentified{}, address.AliasMoved{}, address.AliasLinked{}, address.AliasUnlinked{},
		address.Joined{}, address.Parted{},
		agent.SignedIn{}, agent.Paused{}, agent.Resumed{}, agent.Away{}, agent.Returned{}, agent.SignedOut{},
		agent.OfferMissed{}, agent.OfferAnswered{},
		audit.Revealed{}, audit.Exported{}, audit.HistoryRead{},
		cannedanswer.Created{}, cannedanswer.Changed{}, cannedanswer.Archived{},
		contact.Created{}, contact.DetailsChanged{}, contact.PhoneAdded{}, contact.PhoneRemoved{}, contact.EmailAdded{},
		contact.EmailRemoved{}, contact.FieldSet{}, contact.TagAdded{}, contact.TagRemoved{}, contact.MovedToList{},
		contact.Managed{}, contact.Merged{}, contact.MergeRevised{}, contact.MergedInto{}, contact.Unmerged{},
		contact.Restored{}, contact.MergeSuggested{}, contact.MergeDeclined{},
		contact.Duplicated{}, contact.Erased{}, contact.MarketingStopped{}, contact.MarketingResumed{},
		deployment.Initialized{}, deployment.Restored{}, deployment.OutboundHeld{}, deployment.OutboundReleased{},
		disposition.Created{}, disposition.Changed{}, disposition.Archived{},
		interaction.Opened{}, interaction.MessageReceived{}, interaction.ContentArrived{}, interaction.MessageObserved{},
		interaction.MessageEdited{}, interaction.MessageRevoked{},
		interaction.ReactionReceived{}, interaction.ReactionSent{}, interaction.MessageQueued{},
		interaction.MessageSendStarted{}, interaction.MessageNotAccepted{}, interaction.MessageAccepted{},
		interaction.MessageSent{}, interaction.MessageDelivered{}, interaction.MessageRead{}, interaction.MessageFailed{},
		interaction.MessageOutcomeUnknown{}, interaction.MessageSettled{}, interaction.MediaStored{},
		interaction.MediaFailed{}, interaction.Offered{},
		interaction.OfferRejected{}, interaction.OfferExpired{}, interaction.Accepted{}, interaction.Assigned{},
		interaction.Released{}, interaction.TransferStarted{}, interaction.OwnerChanged{}, interaction.TransferEnded{},
		interaction.NoteAdded{}, interaction.WhisperAdded{}, interaction.NoteRevoked{}, interaction.Monitored{}, interaction.TagAdded{},
		interaction.TagRemoved{}, interaction.SeenByOwner{}, interaction.ReturnedUnread{}, interaction.ContactLinked{},
		interaction.Closed{}, interaction.Disposed{},
		interaction.JoinedInto{}, interaction.Joined{}, interaction.Separated{}, interaction.Restored{},
		list.Created{}, list.Changed{}, list.Archived{},
		policy.Created{}, policy.Changed{}, policy.Archived{},
		projection.Skipped{}, projection.Rebuilt{},
		queue.Created{}, queue.Changed{}, queue.Archived{},
		shortcode.Assigned{},
		tag.Created{}, tag.Changed{}, tag.Archived{},
		token.Created{}, token.Revoked{},
		transfer.Requested{}, transfer.Rejected{}, transfer.Accepted{}, transfer.Completed{}, transfer.Expired{},
		transfer.Cancelled{}, transfer.Refused{}, transfer.Voided{},
		unplaced.Kept{},
		user.Created{}, user.Changed{}, user.Archived{}, user.SessionEnded{},
	).Streams(
		"account", "address", "agent", "audit", "cannedanswer", "contact", "deployment", "disposition",
		"interaction", "list", "policy", "projection", "queue", "shortcode", "tag", "token", "transfer", "unplaced", "user",
	)
}
