package graphql

import (
	"maps"
	"slices"

	"parley/domain/account"
	"parley/graphql/model"
)

func presentProvider(p account.Provider) *model.Provider {
	c := p.Capabilities
	shown := &model.Provider{Name: p.Name, Settings: []model.ProviderSetting{}, Capabilities: &model.ProviderCapabilities{
		Templates: c.Templates, WindowHours: int32(c.WindowHours), ReadReceipts: c.ReadReceipts, Reactions: c.Reactions,
		Quotes: c.Quotes, Edits: c.Edits, Typing: c.Typing, VoiceNotes: c.VoiceNotes, TextLimit: int32(c.TextLimit),
		RatePerSecond: int32(c.RatePerSecond), Media: []model.MediaLimit{},
	}}
	for _, s := range p.Settings {
		shown.Settings = append(shown.Settings, model.ProviderSetting{
			Name: s.Name, Kind: model.ProviderSettingKind(s.Kind), Required: s.Required, Identity: s.Identity,
			Default: optional(s.Default), Choices: orEmpty(s.Choices), Pattern: optional(s.Pattern),
		})
	}
	for _, m := range c.Media {
		shown.Capabilities.Media = append(shown.Capabilities.Media, model.MediaLimit{
			Kind: m.Kind, MaxBytes: int32(m.MaxBytes), MimeTypes: orEmpty(m.MimeTypes),
		})
	}
	return shown
}

// settingValues lists settings by name.
func settingValues(s map[string]string) []model.ProviderSettingValue {
	all := []model.ProviderSettingValue{}
	for _, name := range slices.Sorted(maps.Keys(s)) {
		all = append(all, model.ProviderSettingValue{Name: name, Value: s[name]})
	}
	return all
}

func byName(given []model.ProviderSettingInput) map[string]string {
	values := make(map[string]string, len(given))
	for _, g := range given {
		values[g.Name] = g.Value
	}
	return values
}
