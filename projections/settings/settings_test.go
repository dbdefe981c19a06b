package settings

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/domain"
	"parley/domain/account"
	"parley/domain/cannedanswer"
	"parley/domain/disposition"
	"parley/domain/list"
	"parley/domain/policy"
	"parley/domain/queue"
	"parley/domain/tag"
	"parley/domain/user"
	"parley/eventstore"
	"parley/internal/access"
	"parley/internal/database"
	"parley/projections"
	"parley/projections/projectionstest"
)

var noon = time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)

func world(t *testing.T) database.DB {
	rec := projectionstest.Record
	return projectionstest.Run(t, []projections.Model{Model()},
		rec("account-shop",
			account.Created{Settings: account.Settings{Name: "Shop", QueueID: "sales",
				Queues: []domain.QueueID{"help"}, WindowHours: 24}, At: noon},
			account.SecretReplaced{Name: "appSecret", Last4: "aaaa", At: noon},
			account.SecretReplaced{Name: "appSecret", Last4: "bbbb", At: noon}),
		rec("account-lab",
			account.Created{Settings: account.Settings{Name: "Lab", QueueID: "lab", Disabled: true}, At: noon}),
		rec("queue-sales",
			queue.Created{Settings: queue.Settings{Name: "Sales", Weight: 1,
				Members: []domain.AgentID{"ada", "ben"}}, At: noon}),
		rec("queue-help",
			queue.Created{Settings: queue.Settings{Name: "Help", Weight: 5, Members: []domain.AgentID{"cho"}},
				At: noon}),
		rec("queue-lab",
			queue.Created{Settings: queue.Settings{Name: "Lab", Members: []domain.AgentID{"ada"}}, At: noon}),
		rec("user-ada", user.Created{UserID: "ada", Profile: user.Profile{Login: "Ada.L", Name: "Ada"},
			Settings: user.Settings{Role: user.Agent, Lists: []domain.ListID{"vip"}, Masked: true}, At: noon}),
		rec("user-cho", user.Created{UserID: "cho", Profile: user.Profile{Login: "cho", Name: "Cho"},
			Settings: user.Settings{Role: user.Agent}, At: noon}),
		rec("user-sup", user.Created{UserID: "sup", Profile: user.Profile{Login: "sup", Name: "Sup"},
			Settings: user.Settings{Role: user.Supervisor, Queues: []domain.QueueID{"help"}, Disabled: true},
			At:       noon}),
		rec("list-vip",
			list.Created{Settings: list.Settings{Name: "VIP",
				Fields: []list.Field{{Key: "size", Label: "Size", Type: "SELECT",
					Options: []string{"S", "L"}}}}, At: noon}),
		rec("list-all", list.Created{Settings: list.Settings{Name: "All"}, At: noon}),
		rec("disposition-sold",
			disposition.Created{Settings: disposition.Settings{Label: "Sold", Scope: "GLOBAL", Level: 1}, At: noon}),
		rec("disposition-shop",
			disposition.Created{Settings: disposition.Settings{Label: "In shop", Scope: "ACCOUNT",
				ScopeID: "shop", Level: 2, ParentID: "sold"}, At: noon}),
		rec("disposition-lab",
			disposition.Created{Settings: disposition.Settings{Label: "Tested", Scope: "QUEUE",
				ScopeID: "lab", Level: 1}, At: noon}),
		rec("cannedanswer-hi",
			cannedanswer.Created{Settings: cannedanswer.Settings{Shortcut: "hi", Text: "Hello"}, At: noon}),
		rec("cannedanswer-lab",
			cannedanswer.Created{Settings: cannedanswer.Settings{Shortcut: "lab", Text: "Lab",
				AccountID: "lab"}, At: noon}),
		rec("tag-urgent", tag.Created{Settings: tag.Settings{Name: "urgent", Color: "red"}, At: noon}),
		rec("tag-old", tag.Created{Settings: tag.Settings{Name: "old"}, At: noon}, tag.Archived{At: noon}),
		rec("policy-one",
			policy.Created{Settings: policy.Settings{TagThreshold: 3, PauseReasons: []string{"LUNCH"}}, At: noon},
			policy.Changed{Settings: policy.Settings{TagThreshold: 4, PauseReasons: []string{"LUNCH"}}, At: noon}),
	)
}

func TestAnAgentsScopeHasTheAgentsQueuesAndTheirAccounts(t *testing.T) {
	db := world(t)
	v, disabled, err := Viewer(t.Context(), db.Clear, "ada")
	require.NoError(t, err)
	require.False(t, disabled)
	require.Equal(t, []domain.QueueID{"lab", "sales"}, v.Queues)
	require.Equal(t, []domain.AccountID{"lab", "shop"}, v.Accounts)
	require.Equal(t, []domain.ListID{"vip"}, v.Lists)
	require.True(t, v.Masked)
	require.False(t, v.Everything)
}

func TestASupervisorsScopeHasTheGrantedQueues(t *testing.T) {
	db := world(t)
	v, disabled, err := Viewer(t.Context(), db.Clear, "sup")
	require.NoError(t, err)
	require.True(t, disabled)
	require.Equal(t, []domain.QueueID{"help"}, v.Queues)
	require.Equal(t, []domain.AccountID{"shop"}, v.Accounts)
	_, _, err = Viewer(t.Context(), db.Clear, "nobody")
	require.ErrorIs(t, err, ErrNoUser)
}

func TestALoginIsFoundInAnyCase(t *testing.T) {
	db := world(t)
	u, found, err := UserOfLogin(t.Context(), db.Clear, "ADA.l")
	require.NoError(t, err)
	require.True(t, found)
	require.Equal(t, "ada", u.ID)
	_, found, err = UserOfLogin(t.Context(), db.Clear, "zoe")
	require.NoError(t, err)
	require.False(t, found)
}

func TestTheDashboardLeavesOutQueuesOfInactiveChannels(t *testing.T) {
	db := world(t)
	v, _, err := Viewer(t.Context(), db.Clear, "ada")
	require.NoError(t, err)
	rows, err := Dashboard(t.Context(), db.Clear, v)
	require.NoError(t, err)
	require.Len(t, rows, 1)
	require.Equal(t, "sales", rows[0].ID)
	require.Equal(t, []string{"ada", "ben"}, rows[0].Members)
}

func TestSecretsShowOnlyTheirLastReplacement(t *testing.T) {
	db := world(t)
	rows, err := AccountsByID(t.Context(), db.Clear, []string{"shop"})
	require.NoError(t, err)
	require.Len(t, rows, 1)
	require.Equal(t, []Secret{{Name: "appSecret", Last4: "bbbb", ReplacedAt: noon}}, rows[0].Secrets)
	require.True(t, rows[0].MayUse("help"))
	require.False(t, rows[0].MayUse("lab"))
}

func TestDispositionsComeFromGlobalListAccountAndQueue(t *testing.T) {
	db := world(t)
	rows, err := DispositionsFor(t.Context(), db.Clear, "", "shop", "sales")
	require.NoError(t, err)
	require.Len(t, rows, 2)
	require.Equal(t, []string{"sold", "shop"}, []string{rows[0].ID, rows[1].ID})
}

func TestArchivingADispositionHidesItsChildren(t *testing.T) {
	outcome := func(id, parent string, level int, more ...domain.Event) []eventstore.Recorded {
		s := disposition.Settings{Label: id, Scope: "GLOBAL", Level: level, ParentID: domain.DispositionID(parent)}
		return projectionstest.Record("disposition-"+id,
			append([]domain.Event{disposition.Created{Settings: s, At: noon}}, more...)...)
	}
	db := projectionstest.Run(t, []projections.Model{Model()},
		outcome("sold", "", 1, disposition.Archived{At: noon}), outcome("flight", "sold", 2),
		outcome("rome", "flight", 3),
		outcome("lost", "", 1), outcome("price", "lost", 2), outcome("dear", "price", 3), outcome("moved",
			"lost", 2, disposition.Archived{At: noon}), outcome("oslo", "moved", 3))
	rows, err := DispositionsFor(t.Context(), db.Clear, "", "", "")
	require.NoError(t, err)
	var ids []string
	for _, r := range rows {
		ids = append(ids, r.ID)
	}
	require.Equal(t, []string{"lost", "price", "dear"}, ids)
}

func TestListsShowOnlyWhatIsGrantedAndInUse(t *testing.T) {
	db := world(t)
	ctx := t.Context()
	v, _, err := Viewer(ctx, db.Clear, "ada")
	require.NoError(t, err)
	q := db.For(v)
	lists, err := Lists(ctx, q, v)
	require.NoError(t, err)
	require.Len(t, lists, 1)
	require.Equal(t, "Size", lists[0].Settings.Fields[0].Label)
	tags, err := Tags(ctx, q)
	require.NoError(t, err)
	require.Len(t, tags, 1)
	answers, err := CannedAnswers(ctx, q, "shop")
	require.NoError(t, err)
	require.Len(t, answers, 1)
	accounts, err := Accounts(ctx, q, v)
	require.NoError(t, err)
	require.Len(t, accounts, 2)
	queues, err := Queues(ctx, q, v)
	require.NoError(t, err)
	require.Len(t, queues, 2)
	users, err := Users(ctx, q, v)
	require.NoError(t, err)
	require.Len(t, users, 1, "cho shares no queue with ada, ben does not exist yet")
	set, err := ThePolicy(ctx, q)
	require.NoError(t, err)
	require.Equal(t, 4, set.TagThreshold)
	all, err := AllQueues(ctx, q)
	require.NoError(t, err)
	require.Equal(t, "help", all[0].ID, "the queue with the highest weight comes first")
	everything, err := AllAccounts(ctx, q)
	require.NoError(t, err)
	require.Len(t, everything, 2)
}

func TestAUserGetsAHintWhenTheirRightsChange(t *testing.T) {
	before := User{ID: "ada", Settings: user.Settings{Role: user.Agent}}
	after := before
	after.Settings.Masked = true
	hints := users.Changes(before, after, eventstore.Recorded{})
	require.Equal(t, projections.AccessChanged, hints[1].Kind)
	require.Equal(t, "ada", hints[1].ID)
	require.Len(t, users.Changes(before,
		User{ID: "ada", Profile: user.Profile{Name: "A"}, Settings: before.Settings}, eventstore.Recorded{}), 1)

	q := Queue{ID: "sales", Settings: queue.Settings{Members: []domain.AgentID{"ada"}}}
	joined := Queue{ID: "sales", Settings: queue.Settings{Members: []domain.AgentID{"ada", "ben"}}}
	hints = queues.Changes(q, joined, eventstore.Recorded{})
	require.Len(t, hints, 3)
	require.Equal(t, projections.QueueSettingsChanged, hints[1].Kind)
	require.Equal(t, projections.AccessChanged, hints[2].Kind)
	require.Equal(t, "ben", hints[2].ID)
}

func TestWithoutAPolicyTheDefaultMasksEverything(t *testing.T) {
	db := projectionstest.Open(t, []projections.Model{Model()})
	p, err := ThePolicy(t.Context(), db.For(access.Viewer{}))
	require.NoError(t, err)
	require.Equal(t, policy.Default(), p)
	var names, phones, emails policy.Mask
	require.NoError(t, db.Clear.QueryRow(t.Context(), "SELECT * FROM masking").
		Scan(&names.Mode, &names.Keep, &phones.Mode, &phones.Keep, &emails.Mode, &emails.Keep))
	require.Equal(t, []policy.Mask{p.MaskName, p.MaskPhone, p.MaskEmail}, []policy.Mask{names, phones, emails})
	require.Equal(t, policy.MaskFull, p.MaskPhone.Mode)
}
