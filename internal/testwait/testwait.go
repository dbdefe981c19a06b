// Package testwait says how long a test waits. A test must not depend on the speed of the machine.
package testwait

import "time"

// Limit is how long a test waits for something that must happen before it gives up. A wait that succeeds ends
// at once, so a long limit costs nothing.
const Limit = 2 * time.Minute
