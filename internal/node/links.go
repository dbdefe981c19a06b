package node

import (
	"context"
	"fmt"
	"strconv"
	"strings"
)

// linkTo returns the data of a link to an event.
func linkTo(r *record) string { return fmt.Sprintf("%d@%s", r.revision, r.stream) }

// linkTarget parses "<revision>@<stream>" from a link event.
func linkTarget(r *record) (revision int64, stream string, ok bool) {
	if r.kind != typeLink {
		return 0, "", false
	}
	number, stream, found := strings.Cut(string(r.data), "@")
	revision, err := strconv.ParseInt(number, 10, 64)
	return revision, stream, found && err == nil && revision >= 0
}

// resolve follows a link. If the target no longer exists, it returns the link without an event.
func (p pages) resolve(ctx context.Context, r *record) (resolved, error) {
	revision, stream, ok := linkTarget(r)
	if !ok {
		return resolved{event: r}, nil
	}
	view, err := p.stream(ctx, stream)
	if err != nil {
		return resolved{}, err
	}
	if view.tombstoned || !view.exists() || revision < view.lowest {
		return resolved{link: r}, nil
	}
	found, err := p.query(ctx, streamForwardSQL, view.id, revision, revision, view.since, 1)
	if err != nil || len(found) == 0 {
		return resolved{link: r}, err
	}
	return resolved{event: found[0], link: r}, nil
}
