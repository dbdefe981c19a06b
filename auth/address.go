package auth

import (
	"context"
	"fmt"
	"net/netip"
)

// throttled is what attempts from an address are counted under: an IPv6 household has a whole /64 to itself.
func throttled(address string) string { return prefix(address, 32, 64) }

// network is the coarse part of an address that a session keeps: enough to recognise a place, not a person.
func network(address string) string { return prefix(address, 24, 48) }

func prefix(address string, v4, v6 int) string {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return "unknown"
	}
	bits := v6
	if ip = ip.Unmap().WithZone(""); ip.Is4() {
		bits = v4
	}
	p, err := ip.Prefix(bits)
	if err != nil {
		return "unknown"
	}
	return p.String()
}

// knows says whether the user has a session from this network.
func (a *Auth) knows(ctx context.Context, userID, address string) (bool, error) {
	var known bool
	err := a.pool.QueryRow(ctx, `SELECT EXISTS (SELECT FROM ops.sessions WHERE user_id = $1 AND ip_prefix = $2)`, userID, network(address)).Scan(&known)
	if err != nil {
		return false, fmt.Errorf("look for sessions: %w", err)
	}
	return known, nil
}
