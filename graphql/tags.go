package graphql

import (
	"context"

	"parley/graphql/model"
	"parley/projections/settings"
)

func presentTag(t settings.Tag) *model.Tag {
	return &model.Tag{
		ID: globalID(kindTag, t.ID), Name: t.Settings.Name, Color: t.Settings.Color, Archived: t.Archived,
	}
}

// tagsCollapsed reports whether the desktop shows one grey label instead of these tags.
func (r *Resolver) tagsCollapsed(ctx context.Context, tags []string) (bool, error) {
	if len(tags) < 2 {
		return false, nil
	}
	p, err := r.policy(ctx)
	return len(tags) >= max(p.TagThreshold, 1), err
}
