package demo

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync/atomic"
	"time"

	"parley/channels"
	"parley/commands"
	"parley/domain"
	"parley/domain/contact"
	"parley/domain/interaction"
	"parley/domain/setting"
	"parley/eventstore"
)

// player carries out the acts of sessions at the planned times.
type player struct {
	*loader
	c     *commands.Commands
	clock atomic.Int64 // nanoseconds since 1970
}

func (l *loader) newPlayer() (*player, error) {
	p := &player{loader: l}
	var err error
	p.c, err = l.Commands(func() time.Time { return time.Unix(0, p.clock.Load()).UTC() })
	return p, err
}

// scene is a session while it is being played.
type scene struct {
	*player
	session
	account    domain.AccountID
	home       domain.InteractionID
	owner      string           // login
	last       domain.MessageID // the customer's last message
	transferID domain.TransferID
}

func (p *player) play(ctx context.Context, s session) error {
	sc := &scene{player: p, session: s, account: domain.AccountID(p.secrets.kept.Accounts[s.talk.account].ID)}
	for _, a := range s.timeline() {
		p.clock.Store(a.at.UnixNano())
		if err := sc.act(ctx, a); err != nil {
			return fmt.Errorf("%s: %w", a.do, err)
		}
	}
	return nil
}

func (s *scene) act(ctx context.Context, a act) error {
	switch a.do {
	case "receive":
		return s.receive(ctx, a.n)
	case "send":
		return s.send(ctx, a.n)
	case "sent", "delivered", "read", "failed":
		return s.status(ctx, a)
	case "thumb":
		return s.c.Receive(ctx, s.account, []commands.Arrival{s.arrival("thumb", commands.Arrival{
			Reaction: &commands.ArrivedReaction{TargetID: s.providerID(strconv.Itoa(a.n)), Emoji: "👍"},
		})})
	case "first offer", "offer", "expire", "reject", "accept":
		return s.offer(ctx, a.do)
	case "transfer", "answer transfer":
		return s.handOver(ctx, a.do)
	case "contact":
		return s.link(ctx)
	}
	return s.work(ctx, a)
}

// work carries out what an owner does besides sending messages.
func (s *scene) work(ctx context.Context, a act) error {
	var err error
	switch a.do {
	case "see":
		_, err = s.c.MarkSeen(ctx, s.home, s.me(), s.last, s.mine("see", s.owner, string(s.last)))
	case "note":
		_, err = s.c.AddNote(ctx, s.home, domain.UserID(s.me()), s.talk.note, s.mine("note"))
	case "tag":
		_, err = s.c.AddTag(ctx, s.home, domain.UserID(s.me()), s.talk.tags[a.n],
			s.mine("tag", s.talk.tags[a.n]))
	case "close":
		outcome := domain.DispositionID("")
		if s.talk.outcome != "" {
			outcome = domain.DispositionID(id("disposition", s.talk.outcome))
		}
		_, err = s.c.Close(ctx, s.home, domain.UserID(s.me()), false, s.last, outcome, s.mine("close"))
		if errors.Is(err, setting.ErrUnknown) { // the session was transferred to a queue without this disposition
			_, err = s.c.Close(ctx, s.home, domain.UserID(s.me()), false, s.last, "", s.mine("close"))
		}
	default:
		err = fmt.Errorf("unknown act %q", a.do)
	}
	return err
}

func (s *scene) receive(ctx context.Context, n int) error {
	name := strconv.Itoa(n)
	err := s.c.Receive(ctx, s.account, []commands.Arrival{s.arrival(name, commands.Arrival{
		Message: &commands.ArrivedMessage{Kind: interaction.KindText,
			Content: interaction.Content{Text: s.talk.lines[n].text}},
	})})
	if err != nil {
		return err
	}
	home, message, ok, err := s.c.FindMessage(ctx, s.account, s.aliases(), s.providerID(name))
	if err == nil && !ok {
		err = errors.New("the message just received was not found")
	}
	s.home, s.last = home, message
	return err
}

// arrival fills in the sender and the time, half a second ago.
func (s *scene) arrival(name string, a commands.Arrival) commands.Arrival {
	a.ProviderMessageID, a.Aliases = s.providerID(name), s.aliases()
	a.Customer = interaction.Customer{Phone: s.customer.phone, Name: s.customer.name}
	a.SentAt = s.now().Add(-500 * time.Millisecond).Truncate(time.Second)
	return a
}

func (s *scene) aliases() []string { return channels.Sender{WaID: s.customer.phone}.Aliases() }

// providerID returns an id in Meta's format.
func (s *scene) providerID(name string) string {
	sum := sha256.Sum256([]byte(s.key + " " + name + " " + s.secrets.kept.ID))
	return "wamid.HBgM" + base64.StdEncoding.EncodeToString(sum[:27])
}

func (s *scene) send(ctx context.Context, n int) error {
	meta := s.mine("send", strconv.Itoa(n))
	draft := commands.Draft{Text: s.talk.lines[n].text, Kind: interaction.KindText}
	if _, err := s.c.Send(ctx, s.home, s.me(), draft, meta); err != nil {
		return err
	}
	message := domain.MessageID(meta.CommandID)
	_, _, err := s.c.ClaimSending(ctx, s.home, message)
	if err != nil && !errors.Is(err, interaction.ErrClaimed) && !errors.Is(err, interaction.ErrNotQueued) {
		return err // the other errors come from an interrupted load that got this far
	}
	return s.c.SendAccepted(ctx, s.home, s.account, message, s.providerID(strconv.Itoa(n)))
}

func (s *scene) status(ctx context.Context, a act) error {
	message := domain.MessageID(s.mine("send", strconv.Itoa(a.n)).CommandID)
	status := commands.ArrivedStatus{
		MessageID: s.providerID(strconv.Itoa(a.n)), CallbackData: commands.CallbackData(s.home, message),
		Status: map[string]interaction.Status{
			"sent": interaction.StatusSent, "delivered": interaction.StatusDelivered,
			"read": interaction.StatusRead, "failed": interaction.StatusFailed,
		}[a.do],
	}
	if a.do == "failed" {
		status.Code, status.Reason = "131026", interaction.FailedUnreachable
	}
	return s.c.Receive(ctx, s.account,
		[]commands.Arrival{{Status: &status, SentAt: s.now().Truncate(time.Second)}})
}

func (s *scene) offer(ctx context.Context, do string) error {
	first, offer := domain.OfferID(id(s.key, "first offer")), domain.OfferID(id(s.key, "offer"))
	queue := domain.QueueID(id("queue", s.queue))
	var err error
	switch do {
	case "first offer":
		_, err = s.c.Offer(ctx, s.home, first, queue, s.agents(s.duty), s.offerTime(),
			commands.SystemMetadata("router", id(s.key, do, "command")))
	case "offer":
		_, err = s.c.Offer(ctx, s.home, offer, queue, s.agents(s.duty), s.offerTime(),
			commands.SystemMetadata("router", id(s.key, do, "command")))
	case "expire":
		err = s.c.ExpireOffer(ctx, s.home, first)
	case "reject":
		_, err = s.c.RejectOffer(ctx, s.home, offer, s.secrets.agent(s.rejects), s.by(s.rejects, do))
	case "accept":
		s.owner = s.winner
		_, err = s.c.AcceptOffer(ctx, s.home, offer, s.me(), s.mine(do))
	}
	return err
}

// handOver requests or answers a transfer. If a rule refuses it, the owner stays the same.
func (s *scene) handOver(ctx context.Context, do string) error {
	t := s.session.transfer
	var err error
	switch {
	case do == "transfer":
		to := commands.TransferTo{Note: "Knows more about this than I do."}
		if t.toQueue != "" {
			to.Queue = domain.QueueID(id("queue", t.toQueue))
		} else {
			to.Agent = s.secrets.agent(t.toAgent)
		}
		s.transferID, _, err = s.c.RequestTransfer(ctx, s.home, s.me(), to, s.by(s.winner, do))
	case t.taker == "":
		_, err = s.c.RejectTransfer(ctx, s.transferID, s.secrets.agent(t.toAgent), s.by(t.toAgent, do))
	default:
		if _, err = s.c.AcceptTransfer(ctx, s.transferID, s.secrets.agent(t.taker),
			s.by(t.taker, do)); err == nil {
			s.owner = t.taker
		}
	}
	if refused(err) {
		return nil
	}
	return err
}

// link adds the customer to the contacts, once, and links the interaction.
func (s *scene) link(ctx context.Context) error {
	c := s.customer
	if c.list == "" {
		return nil
	}
	details := contact.Details{FirstName: c.first, LastName: c.last, Phones: []string{c.phone}}
	if c.list == "companies" {
		details.Fields = map[string]string{"company": c.name, "seats": strconv.Itoa(12 + len(c.name))}
	}
	login := s.contactAuthor()
	author := domain.UserID(s.secrets.agent(login))
	who, _, err := s.c.CreateContact(ctx, domain.ListID(id("list", c.list)), details, nil, author,
		commands.Meta(author, domain.CommandID(id("contact", c.phone)), ""))
	if err != nil {
		return err
	}
	_, err = s.c.LinkContact(ctx, s.home, who, author, s.by(login, "contact"))
	return err
}

// contactAuthor returns who adds the customer to the contacts: the owner if they have the customer's list, otherwise
// the supervisor, who has every list.
func (s *scene) contactAuthor() string {
	for _, p := range staff {
		if p.login == s.owner && slices.Contains(p.lists, s.customer.list) {
			return p.login
		}
	}
	return "sofia"
}

func (s *scene) agents(logins []string) []domain.AgentID {
	ids := make([]domain.AgentID, len(logins))
	for i, login := range logins {
		ids[i] = s.secrets.agent(login)
	}
	return ids
}

func (s *scene) me() domain.AgentID { return s.secrets.agent(s.owner) }

// mine returns the metadata of an act of the owner. parts name the act within the session.
func (s *scene) mine(parts ...string) eventstore.Metadata { return s.by(s.owner, parts...) }

func (s *scene) by(login string, parts ...string) eventstore.Metadata {
	command := id(append([]string{s.key}, parts...)...)
	return commands.Meta(domain.UserID(s.secrets.agent(login)), domain.CommandID(command), "")
}

func (p *player) now() time.Time { return time.Unix(0, p.clock.Load()).UTC() }

// refused reports whether a rule refused the command, as opposed to a fault.
func refused(err error) bool {
	r := new(domain.Refusal)
	return errors.As(err, &r) && r.Kind != domain.Unavailable
}
