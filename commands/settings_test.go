package commands_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"parley/domain/account"
	"parley/domain/disposition"
	"parley/domain/list"
)

func TestSavingASettingKeepsWhatItsFormDoesNotName(t *testing.T) {
	w := newWorld(t)
	travellers, _, err := w.SaveList(w.ctx(), "", list.Settings{Name: "Travellers", DialPrefix: "39"}, "", someone())
	require.NoError(t, err)
	_, _, err = w.SaveList(w.ctx(), travellers, list.Settings{Name: "Guests"}, "", someone())
	require.NoError(t, err)
	require.Equal(t, list.Settings{Name: "Guests", DialPrefix: "39"}, all[list.Changed](w)[0].Settings)

	sold, _, err := w.SaveDisposition(w.ctx(), "", disposition.Settings{Label: "Sold", Scope: "GLOBAL", SortOrder: 7}, "", someone())
	require.NoError(t, err)
	_, _, err = w.SaveDisposition(w.ctx(), sold, disposition.Settings{Label: "Bought", Scope: "GLOBAL"}, "", someone())
	require.NoError(t, err)
	require.Equal(t, 7, all[disposition.Changed](w)[0].Settings.SortOrder)

	shop := account.Settings{Name: "Shop", Key: "SHOP", Provider: "META", PhoneNumberID: "1061", QueueID: w.queue, RecontactTemplate: "hello"}
	_, _, err = w.SaveAccount(w.ctx(), w.account, shop, "", someone())
	require.NoError(t, err)
	shop.Name, shop.RecontactTemplate = "Store", ""
	_, _, err = w.SaveAccount(w.ctx(), w.account, shop, "", someone())
	require.NoError(t, err)
	require.Equal(t, "hello", all[account.Changed](w)[1].Settings.RecontactTemplate)
}
