package auth

import "net/netip"

// Network returns the range of addresses that limits count as one client. IPv6 is cut to /64, the usual size of
// one household.
func Network(address string) string { return prefix(address, 32, 64) }

// networkOf returns the part of an address that a session stores: enough to recognise a place, not a person.
func networkOf(address string) string { return prefix(address, 24, 48) }

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
