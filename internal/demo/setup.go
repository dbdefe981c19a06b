package demo

import (
	"context"
	"maps"
	"slices"
	"time"

	"parley/channels/whatsapp/meta"
	"parley/commands"
	"parley/domain"
	"parley/domain/account"
	"parley/domain/cannedanswer"
	"parley/domain/disposition"
	"parley/domain/tag"
	"parley/domain/user"
	"parley/eventstore"
)

const actor = "demo"

// id returns the id of a part of the demo, which is the same in every deployment.
func id(parts ...string) string { return commands.DerivedID(append([]string{actor}, parts...)...) }

// step returns the metadata of one step of loading. Repeating a step changes nothing.
func step(parts ...string) eventstore.Metadata { return commands.SystemMetadata(actor, id(parts...)) }

// setup creates the organisation, dated the day before its history begins.
type setup struct {
	*loader
	c     *commands.Commands
	admin domain.UserID
}

func (l *loader) organisation(ctx context.Context) error {
	began := l.secrets.kept.Begun
	if l.HistoryDays > 0 {
		began = began.AddDate(0, 0, -l.HistoryDays-1)
	}
	c, err := l.Commands(func() time.Time { return began })
	if err != nil {
		return err
	}
	s := setup{loader: l, c: c}
	for _, part := range []func(context.Context) error{s.users, s.policy, s.lists, s.queues, s.accounts,
		s.labels, s.grants, s.signIns} {
		if err := part(ctx); err != nil {
			return err
		}
	}
	l.secrets.kept.Organisation = true
	return l.secrets.save()
}

func (s *setup) users(ctx context.Context) error {
	for _, p := range staff {
		settings := user.Settings{Role: p.role, Masked: p.masked, Capacity: p.capacity}
		if p.role == user.Supervisor {
			for _, key := range p.queues {
				settings.Queues = append(settings.Queues, domain.QueueID(id("queue", key)))
			}
		}
		profile := user.Profile{Login: p.login, Name: p.name, Alias: p.alias, Email: p.login + "@aurora.example"}
		got, _, err := s.c.SaveUser(ctx, "", profile, settings, s.admin, step("user", p.login))
		if err != nil {
			return err
		}
		if p.role == user.Admin {
			s.admin = got
		}
		u := s.secrets.kept.Users[p.login]
		u.ID = string(got)
		s.secrets.kept.Users[p.login] = u
	}
	return s.secrets.save()
}

func (s *setup) policy(ctx context.Context) error {
	_, err := s.c.SavePolicy(ctx, desktop, s.admin, step("policy"))
	return err
}

func (s *setup) lists(ctx context.Context) error {
	for _, l := range lists {
		if _, _, err := s.c.SaveList(ctx, "", l.settings, s.admin, step("list", l.key)); err != nil {
			return err
		}
	}
	return nil
}

func (s *setup) queues(ctx context.Context) error {
	for _, q := range queues {
		settings := q.settings
		settings.Members = s.secrets.members(q.key)
		if _, _, err := s.c.SaveQueue(ctx, "", settings, s.admin, step("queue", q.key)); err != nil {
			return err
		}
	}
	return nil
}

// members returns the agents of a queue, in the order of the staff.
func (s *Secrets) members(queue string) []domain.AgentID {
	var members []domain.AgentID
	for _, p := range staff {
		if p.role == user.Agent && slices.Contains(p.queues, queue) {
			members = append(members, s.agent(p.login))
		}
	}
	return members
}

func (s *Secrets) agent(login string) domain.AgentID { return domain.AgentID(s.kept.Users[login].ID) }

// account returns the settings that name the number at its provider.
func (n number) account() account.Settings {
	return account.Settings{Provider: meta.Name, ProviderSettings: map[string]string{meta.PhoneNumberID: n.phoneNumberID}}
}

func (s *setup) accounts(ctx context.Context) error {
	for _, n := range numbers {
		id, settings, exists, err := s.c.FindAccount(ctx, n.account())
		if err != nil {
			return err
		}
		if !exists { // else all but its secrets stays as people have set it
			id, settings = "", s.settings(n)
		}
		c := s.secrets.kept.Accounts[n.shortCode]
		got, _, err := s.c.SaveAccount(ctx, id, settings, c.secrets(), s.admin, step("account", n.shortCode, s.secrets.kept.ID))
		if err != nil {
			return err
		}
		c.ID = string(got)
		s.secrets.kept.Accounts[n.shortCode] = c
	}
	return s.secrets.save()
}

func (s *setup) settings(n number) account.Settings {
	settings := account.Settings{
		Name: n.name, ShortCode: n.shortCode, Provider: meta.Name, DisplayNumber: "+" + n.digits,
		ProviderSettings: map[string]string{
			meta.PhoneNumberID: n.phoneNumberID, meta.BusinessID: "100200300400500", meta.BaseURL: s.SimulatorURL, meta.APIVersion: "v24.0",
		},
		QueueID: domain.QueueID(id("queue", n.queue)), ListID: domain.ListID(id("list", n.list)), CreateContacts: true, Attachments: true,
		TransferToAgent: true, TransferToQueue: true, TransferTimeout: 120, MarkAsRead: true, WindowHours: 24,
	}
	for _, key := range n.queues {
		settings.Queues = append(settings.Queues, domain.QueueID(id("queue", key)))
	}
	return settings
}

// labels creates dispositions, tags and canned answers.
func (s *setup) labels(ctx context.Context) error {
	for i, o := range outcomes {
		settings := disposition.Settings{Label: o.label, Scope: o.scope, SortOrder: i}
		if o.parent != "" {
			settings.ParentID = domain.DispositionID(id("disposition", o.parent))
		}
		if o.scope == "QUEUE" {
			settings.ScopeID = id("queue", o.of)
		}
		if _, _, err := s.c.SaveDisposition(ctx, "", settings, s.admin,
			step("disposition", o.key)); err != nil {
			return err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(tags)) {
		if _, _, err := s.c.SaveTag(ctx, "", tag.Settings{Name: name, Color: tags[name]}, s.admin,
			step("tag", name)); err != nil {
			return err
		}
	}
	for _, a := range cannedAnswers {
		settings := cannedanswer.Settings{Shortcut: a.shortcut, Title: a.title, Text: a.text}
		if a.account != "" {
			settings.AccountID = domain.AccountID(s.secrets.kept.Accounts[a.account].ID)
		}
		if _, _, err := s.c.SaveCannedAnswer(ctx, "", settings, s.admin,
			step("canned answer", a.shortcut)); err != nil {
			return err
		}
	}
	return nil
}

func (s *setup) grants(ctx context.Context) error {
	for _, p := range staff {
		var granted []domain.ListID
		for _, key := range p.lists {
			granted = append(granted, domain.ListID(id("list", key)))
		}
		if len(granted) == 0 {
			continue
		}
		if _, err := s.c.GrantLists(ctx, domain.UserID(s.secrets.kept.Users[p.login].ID), granted, s.admin,
			step("grant", p.login)); err != nil {
			return err
		}
	}
	return nil
}

// signIns gives everyone a password, and a token to those without one.
func (s *setup) signIns(ctx context.Context) error {
	for _, p := range staff {
		u := s.secrets.kept.Users[p.login]
		if err := s.SetPassword(ctx, u.ID, u.Password); err != nil {
			return err
		}
		if u.Token != "" {
			continue
		}
		token, err := s.CreateToken(ctx, u.ID, "demo", p.role)
		if err != nil {
			return err
		}
		u.Token = token
		s.secrets.kept.Users[p.login] = u
		if err := s.secrets.save(); err != nil {
			return err
		}
	}
	return nil
}
