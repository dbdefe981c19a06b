package messages

import (
	"testing"

	"github.com/stretchr/testify/require"

	"parley/domain"
	"parley/domain/contact"
	"parley/domain/interaction"
	"parley/domain/policy"
	"parley/internal/database"
	"parley/projections/projectionstest"
)

func TestMaskedViewersSeeNoNamesOfTheCustomerInTexts(t *testing.T) {
	full := policy.Mask{Mode: policy.MaskFull}
	maria := interaction.Customer{Phone: "393331112222", Name: "Maria De Nicolò", Username: "m_rossi"}
	texts := map[string]string{
		"Buongiorno, sono Maria":       "Buongiorno, sono •••",
		"MARIA!":                       "•••!",
		"Grazie Nicolo, a presto":      "Grazie •••, a presto",
		"Mariachi band for Saturday":   "Mariachi band for Saturday",
		"this is Rossi's phone":        "this is •••'s phone",
		"Maria is Mary in the contact": "••• is ••• in the contact",
		"no name here":                 "no name here",
	}
	events := []domain.Event{
		interaction.Opened{AccountID: "shop", AddressID: "a", QueueID: "sales", Customer: maria, Number: 1, At: noon},
		interaction.ContactLinked{ContactID: "c1", At: noon},
		interaction.MessageReceived{MessageID: "file", Kind: interaction.KindDocument, At: noon,
			Content: interaction.Content{Media: &interaction.Media{FileName: "CV_Maria-ROSSI.pdf"}}},
	}
	var ids []string
	for text := range texts {
		ids = append(ids, "m-"+text)
		events = append(events, interaction.MessageReceived{MessageID: domain.MessageID("m-" + text),
			Kind: interaction.KindText, Content: interaction.Content{Text: text}, At: noon})
	}
	db := projectionstest.Run(t, models(),
		projectionstest.Record("policy-one", policy.Created{Settings: policy.Settings{MaskName: full, MaskPhone: full}}),
		projectionstest.Record("contact-c1", contact.Created{ContactID: "c1", ListID: "l",
			Details: contact.Details{FirstName: "Mary", LastName: "Rossi"}, At: noon}),
		projectionstest.Record("interaction-one", events...))
	rows, err := ByIDs(t.Context(), db.For(blind), blind, ids)
	require.NoError(t, err)
	require.Len(t, rows, len(texts))
	for _, r := range rows {
		require.Equal(t, texts[r.ID[len("m-"):]], r.Text)
	}
	file, _, err := ByID(t.Context(), db.For(blind), blind, "file")
	require.NoError(t, err)
	require.Equal(t, "CV_•••-•••.pdf", file.FileName)
}

func TestMaskedViewersSeeTheCustomersNameWhileThePolicyShowsNames(t *testing.T) {
	db := under(t, policy.MaskNone, interaction.Opened{AccountID: "shop", AddressID: "a", QueueID: "sales",
		Customer: interaction.Customer{Name: "Ada"}, Number: 1, At: noon}, incoming("m1", "I am Ada"))
	r, _, err := ByID(t.Context(), db.For(blind), blind, "m1")
	require.NoError(t, err)
	require.Equal(t, "I am Ada", r.Text)
}

func TestMaskedViewersSeeNoNamesInScriptsWithoutSpaces(t *testing.T) {
	db := under(t, policy.MaskFull, interaction.Opened{AccountID: "shop", AddressID: "a", QueueID: "sales",
		Customer: interaction.Customer{Name: "山田 太郎"}, Number: 1, At: noon}, incoming("m1", "山田太郎です"))
	r, _, err := ByID(t.Context(), db.For(blind), blind, "m1")
	require.NoError(t, err)
	require.Equal(t, "••••••です", r.Text)
}

func TestAnalystsCannotReadTheWordsOfMessages(t *testing.T) {
	db := under(t, policy.MaskFull, interaction.Opened{AccountID: "shop", AddressID: "a", QueueID: "sales",
		Customer: interaction.Customer{Name: "Ada"}, Number: 1, At: noon}, incoming("m1", "I am Ada"),
		incoming("m2", "I am Ada, 3331234567"))
	const words = "SELECT count(*) FROM masked.message_words"
	var found int
	require.NoError(t, db.For(blind).QueryRow(t.Context(), words).Scan(&found))
	require.Equal(t, 2, found, "searches of masked viewers read them")

	conn := projectionstest.Analyst(t, db)
	require.NoError(t, conn.QueryRow(t.Context(), words).Scan(&found))
	require.Zero(t, found)
}

func TestAnalystsReadTextsOnlyWhileThePolicyShowsNames(t *testing.T) {
	for mode, shown := range map[policy.Mode]string{policy.MaskFull: "•••", policy.MaskNone: "I am Ada"} {
		db := under(t, mode, interaction.Opened{AccountID: "shop", AddressID: "a", QueueID: "sales",
			Customer: interaction.Customer{Name: "Ada"}, Number: 1, At: noon}, incoming("m1", "I am Ada"))
		analyst := projectionstest.Analyst(t, db)
		var text string
		require.NoError(t, analyst.QueryRow(t.Context(), `SELECT text FROM masked.messages`).Scan(&text))
		require.Equal(t, shown, text)
		_, err := analyst.Exec(t.Context(), `SELECT masked.hide_customer('Ada', 'one')`)
		require.Equal(t, "42501", database.Code(err), "analysts could try out names")
	}
}
