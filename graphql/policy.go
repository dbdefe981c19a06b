package graphql

import (
	"context"

	"parley/domain/policy"
	"parley/graphql/model"
	"parley/projections/settings"
)

// policy returns the settings of the whole deployment.
func (r *Resolver) policy(ctx context.Context) (policy.Settings, error) {
	return settings.ThePolicy(ctx, r.clear(ctx))
}

func presentPolicy(s policy.Settings) *model.Policy {
	mask := func(m policy.Mask) *model.Mask { return &model.Mask{Mode: model.MaskMode(m.Mode), Keep: int32(m.Keep)} }
	return &model.Policy{
		MaskName: mask(s.MaskName), MaskPhone: mask(s.MaskPhone), MaskEmail: mask(s.MaskEmail),
		PauseReasons: orEmpty(s.PauseReasons), TagThreshold: int32(s.TagThreshold), TabsLimit: int32(s.TabsLimit),
		DisconnectAfter: int32(s.DisconnectAfter), MissedOffersLimit: int32(s.MissedOffersLimit),
	}
}

func policySettings(input model.SavePolicyInput) policy.Settings {
	mask := func(m *model.MaskInput) policy.Mask { return policy.Mask{Mode: policy.Mode(m.Mode), Keep: int(m.Keep)} }
	return policy.Settings{
		MaskName: mask(input.MaskName), MaskPhone: mask(input.MaskPhone), MaskEmail: mask(input.MaskEmail),
		PauseReasons: input.PauseReasons, TagThreshold: int(input.TagThreshold), TabsLimit: int(input.TabsLimit),
		DisconnectAfter: int(input.DisconnectAfter), MissedOffersLimit: int(input.MissedOffersLimit),
	}
}
