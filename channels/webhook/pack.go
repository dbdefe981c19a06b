package webhook

import (
	"bytes"
	"encoding/json"
	"errors"

	"parley/channels"
)

// pack encodes a delivery for the local queue: one line of JSON, then the body unchanged.
func pack(d channels.Delivery) ([]byte, error) {
	head, err := json.Marshal(d)
	if err != nil {
		return nil, err
	}
	return append(append(head, '\n'), d.Body...), nil
}

func unpack(kept []byte) (channels.Delivery, error) {
	var d channels.Delivery
	head, body, found := bytes.Cut(kept, []byte("\n"))
	if !found {
		return d, errors.New("the kept delivery has no header")
	}
	if err := json.Unmarshal(head, &d); err != nil {
		return d, err
	}
	d.Body = body
	return d, nil
}
