package projections

// fold is the running state of one table.
type fold interface{}

func (t Table[K, R]) newFold(limit int) fold { return nil }
