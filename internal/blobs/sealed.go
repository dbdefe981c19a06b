package blobs

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// A sealed file is a header followed by pieces of 64 KiB, each under AES-256-GCM; the last piece may be
// shorter. The nonce encodes the piece's number and whether it is the last, so pieces cannot be swapped,
// repeated or cut off. The id is authenticated with each piece. A key seals only one file, so nonces never
// repeat under it.
const (
	header     = "PBL1"
	pieceSize  = 64 << 10
	overhead   = 16
	sealedSize = pieceSize + overhead
)

func newCipher(key []byte) (cipher.AEAD, error) {
	if len(key) != 32 {
		return nil, ErrDamaged
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

func nonce(piece int64, last bool) []byte {
	n := make([]byte, 12)
	binary.BigEndian.PutUint64(n, uint64(piece))
	if last {
		n[11] = 1
	}
	return n
}

// sealer reads plain bytes and returns sealed ones.
type sealer struct {
	from  io.Reader
	aead  cipher.AEAD
	id    []byte
	piece int64
	ahead []byte // the next piece, read ahead to know whether the current one is the last
	out   []byte // sealed but not yet returned
	done  bool
}

func newSealer(from io.Reader, id string, key []byte) (*sealer, error) {
	aead, err := newCipher(key)
	if err != nil {
		return nil, err
	}
	s := &sealer{from: from, aead: aead, id: []byte(id), out: []byte(header)}
	s.ahead, err = s.next()
	return s, err
}

func (s *sealer) next() ([]byte, error) {
	piece := make([]byte, pieceSize)
	n, err := io.ReadFull(s.from, piece)
	if err == io.EOF || errors.Is(err, io.ErrUnexpectedEOF) {
		err = nil
	}
	return piece[:n], err
}

func (s *sealer) Read(p []byte) (int, error) {
	if len(s.out) == 0 {
		if s.done {
			return 0, io.EOF
		}
		current := s.ahead
		following, err := s.next()
		if err != nil {
			return 0, err
		}
		s.ahead, s.done = following, len(following) == 0
		s.out = s.aead.Seal(nil, nonce(s.piece, s.done), current, s.id)
		s.piece++
	}
	n := copy(p, s.out)
	s.out = s.out[n:]
	return n, nil
}

// Reader reads a sealed file from any offset.
type Reader struct {
	file   readerAtCloser
	aead   cipher.AEAD
	id     []byte
	pieces int64
	size   int64
	at     int64
	loaded int64 // the number of the decrypted piece, -1 for none
	plain  []byte
}

// newReader checks the header and the last piece, so that a truncated file is detected at once.
func newReader(file readerAtCloser, stored int64, id string, key []byte) (*Reader, error) {
	aead, err := newCipher(key)
	if err != nil {
		return nil, err
	}
	body := stored - int64(len(header))
	head := make([]byte, len(header))
	if _, err := file.ReadAt(head, 0); err != nil && err != io.EOF {
		return nil, fmt.Errorf("read file: %w", err)
	}
	pieces := (body + sealedSize - 1) / sealedSize
	if string(head) != header || body < overhead {
		return nil, ErrDamaged
	}
	r := &Reader{file: file, aead: aead, id: []byte(id), pieces: pieces, size: body - pieces*overhead,
		loaded: -1}
	return r, r.load(pieces - 1)
}

// Size returns the number of plain bytes.
func (r *Reader) Size() int64 { return r.size }

// load decrypts one piece.
func (r *Reader) load(piece int64) error {
	if r.loaded == piece {
		return nil
	}
	length := int64(sealedSize)
	if piece == r.pieces-1 {
		length = r.size + r.pieces*overhead - piece*sealedSize
	}
	sealed := make([]byte, length)
	if n, err := r.file.ReadAt(sealed, int64(len(header))+piece*sealedSize); int64(n) < length {
		return fmt.Errorf("read file: %w", err)
	}
	plain, err := r.aead.Open(sealed[:0], nonce(piece, piece == r.pieces-1), sealed, r.id)
	if err != nil {
		return ErrDamaged
	}
	r.loaded, r.plain = piece, plain
	return nil
}

// Read reads the next bytes.
func (r *Reader) Read(p []byte) (int, error) {
	if r.at >= r.size {
		return 0, io.EOF
	}
	if err := r.load(r.at / pieceSize); err != nil {
		return 0, err
	}
	n := copy(p, r.plain[r.at%pieceSize:])
	r.at += int64(n)
	return n, nil
}

// Seek moves to another offset.
func (r *Reader) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += r.at
	case io.SeekEnd:
		offset += r.size
	}
	if offset < 0 {
		return 0, errors.New("seek before the start")
	}
	r.at = offset
	return offset, nil
}

// Close closes the file.
func (r *Reader) Close() error { return r.file.Close() }
