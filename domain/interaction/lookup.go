package interaction

import "parley/domain"

// Has says whether a message, the customer's or ours, is in this session.
func (s State) Has(id domain.MessageID) bool {
	_, ok := s.message(id)
	return ok
}

// ByProviderTag is the message of ours that the provider knows under this tag; empty when none is in this session.
func (s State) ByProviderTag(tag string) domain.MessageID {
	id, _ := s.providerTags.get(tag)
	return id
}
