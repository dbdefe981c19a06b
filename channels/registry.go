package channels

import (
	"fmt"

	"parley/domain/account"
)

// Registry holds the providers of this program by name.
type Registry struct {
	providers []Provider
	byName    map[string]Provider
}

// NewRegistry returns a registry of these providers. It fails if a declaration is
// invalid or a name is given twice.
func NewRegistry(providers ...Provider) (*Registry, error) {
	r := &Registry{providers: providers, byName: make(map[string]Provider)}
	for _, p := range providers {
		d := p.Declaration()
		if err := d.Validate(); err != nil {
			return nil, err
		}
		if r.byName[d.Name] != nil {
			return nil, fmt.Errorf("provider %s is registered twice", d.Name)
		}
		r.byName[d.Name] = p
	}
	return r, nil
}

// Named returns the provider with this name, or false if there is none.
func (r *Registry) Named(name string) (Provider, bool) {
	p, ok := r.byName[name]
	return p, ok
}

// All returns the providers in the order they were registered.
func (r *Registry) All() []Provider { return r.providers }

// Declarations returns the declarations of all providers.
func (r *Registry) Declarations() account.Providers {
	all := make(account.Providers, len(r.providers))
	for i, p := range r.providers {
		all[i] = p.Declaration()
	}
	return all
}
