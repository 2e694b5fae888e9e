// A log that is not Hefu's, kept with the note and tlog packages of the Go project, and witnessed
// by a Hefu node over the C2SP tlog-witness protocol.
//
//	witnessed_log -keys DIR                         makes the log's key, prints its verifier key
//	witnessed_log -keys DIR -charter charter.note -witness jyj.example -node http://127.0.0.1:7410
//
// The log grows by random steps and asks for a cosignature of each; every cosignature is verified.
// Between them it tries what a witness must refuse: an old size that is not the witness's, a fork,
// a proof with a falsified hash, a checkpoint signed by another key, a log nobody asked it to
// witness, and a request that is no request. The status of each is that of the specification.
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	mathrand "math/rand"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func check(err error, what string) {
	if err != nil {
		fail("%s: %v", what, err)
	}
}

func fail(what string, args ...interface{}) {
	fmt.Fprintf(os.Stderr, "witnessed_log: "+what+"\n", args...)
	os.Exit(1)
}

// tree is a log in memory: the stored hashes of the tlog package.
type tree struct {
	size   int64
	hashes []tlog.Hash
}

func (t *tree) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	var found []tlog.Hash
	for _, index := range indexes {
		found = append(found, t.hashes[index])
	}
	return found, nil
}

func (t *tree) append(record string) {
	hashes, err := tlog.StoredHashes(t.size, []byte(record), t)
	check(err, "append")
	t.hashes = append(t.hashes, hashes...)
	t.size++
}

func (t *tree) root() tlog.Hash {
	root, err := tlog.TreeHash(t.size, t)
	check(err, "root")
	return root
}

func (t *tree) checkpoint(origin string, signer note.Signer) string {
	text := fmt.Sprintf("%s\n%d\n%s\n", origin, t.size, t.root())
	signed, err := note.Sign(&note.Note{Text: text}, signer)
	check(err, "sign")
	return string(signed)
}

func (t *tree) consistency(old int64) tlog.TreeProof {
	if old == 0 {
		return nil
	}
	proof, err := tlog.ProveTree(t.size, old, t)
	check(err, "consistency")
	return proof
}

func request(old int64, proof tlog.TreeProof, checkpoint string) string {
	body := fmt.Sprintf("old %d\n", old)
	for _, hash := range proof {
		body += hash.String() + "\n"
	}
	return body + "\n" + checkpoint
}

type witness struct {
	url, name string
	key       ed25519.PublicKey
}

func (w witness) post(body string) (int, string) {
	answer, err := http.Post(w.url+"/witness/add-checkpoint", "text/plain", strings.NewReader(body))
	check(err, "add-checkpoint")
	defer answer.Body.Close()
	text, err := io.ReadAll(io.LimitReader(answer.Body, 1<<20))
	check(err, "add-checkpoint")
	return answer.StatusCode, string(text)
}

// verify checks a cosignature/v1 line over the checkpoint's text.
func (w witness) verify(line, checkpoint string) error {
	text := checkpoint[:strings.Index(checkpoint, "\n\n")+1]
	fields := strings.Fields(line)
	if len(fields) != 3 || fields[0] != "—" || fields[1] != w.name {
		return fmt.Errorf("not a line of %s: %q", w.name, line)
	}
	raw, err := base64.StdEncoding.DecodeString(fields[2])
	if err != nil || len(raw) != 4+8+ed25519.SignatureSize {
		return fmt.Errorf("%d bytes: %v", len(raw), err)
	}
	id := sha256.Sum256(append(append([]byte(w.name), '\n', 0x04), w.key...))
	if !bytes.Equal(raw[:4], id[:4]) {
		return fmt.Errorf("key id %x", raw[:4])
	}
	at := binary.BigEndian.Uint64(raw[4:])
	if age := time.Since(time.Unix(int64(at), 0)); age < -time.Minute || age > time.Minute {
		return fmt.Errorf("time %d", at)
	}
	if !ed25519.Verify(w.key, []byte(fmt.Sprintf("cosignature/v1\ntime %d\n%s", at, text)), raw[12:]) {
		return fmt.Errorf("the signature does not hold")
	}
	return nil
}

func openWitness(charter, domain, node string) witness {
	text, err := os.ReadFile(charter)
	check(err, "charter")
	var c struct {
		Members []struct {
			Domain string
			Keys   []struct{ Public, Role string }
		}
	}
	check(json.Unmarshal([]byte(strings.SplitN(string(text), "\n", 3)[1]), &c), "charter")
	for _, m := range c.Members {
		for _, key := range m.Keys {
			if m.Domain == domain && key.Role == "witness" {
				raw, err := base64.StdEncoding.DecodeString(key.Public)
				check(err, "charter")
				return witness{node, domain + "/hefu/witness", raw}
			}
		}
	}
	fail("the charter has no witness %s", domain)
	return witness{}
}

// keys makes the log's key once, and reads it after that.
func keys(dir string) (skey, vkey string) {
	path := filepath.Join(dir, "foreign.skey")
	if made, err := os.ReadFile(path); err == nil {
		lines := strings.Split(string(made), "\n")
		return lines[0], lines[1]
	}
	// A witness remembers a log by its origin: a new log needs a new one.
	var nonce [4]byte
	_, err := rand.Read(nonce[:])
	check(err, "key")
	skey, vkey, err = note.GenerateKey(rand.Reader, fmt.Sprintf("foreign.example/log/%x", nonce))
	check(err, "key")
	check(os.WriteFile(path, []byte(skey+"\n"+vkey), 0o600), "key")
	return skey, vkey
}

func main() {
	dir := flag.String("keys", "", "folder for the log's key")
	charter := flag.String("charter", "", "the federation's charter")
	domain := flag.String("witness", "", "the member that witnesses")
	node := flag.String("node", "http://127.0.0.1:7410", "its node")
	seed := flag.Int64("seed", time.Now().UnixNano(), "of the steps the log grows by")
	flag.Parse()
	skey, vkey := keys(*dir)
	if *charter == "" {
		fmt.Println(vkey)
		return
	}
	signer, err := note.NewSigner(skey)
	check(err, "key")
	origin := signer.Name()
	w := openWitness(*charter, *domain, *node)
	steps := mathrand.New(mathrand.NewSource(*seed))
	fmt.Printf("seed %d\n", *seed)

	expect := func(what string, want int, body string) string {
		status, text := w.post(body)
		if status != want {
			fail("%s: %d instead of %d: %s", what, status, want, text)
		}
		return text
	}
	log := &tree{}
	cosigned := 0
	for log.size < 2000 {
		old := log.size
		for n := 1 + steps.Intn(90); n > 0; n-- {
			log.append(fmt.Sprintf("record %d of %d", log.size, *seed))
		}
		checkpoint := log.checkpoint(origin, signer)
		proof := log.consistency(old)
		if old > 0 {
			if size := strings.TrimSpace(expect("an old size that is not the witness's", 409,
				request(old-1, log.consistency(old-1), checkpoint))); size != fmt.Sprint(old) {
				fail("409 names the size %q instead of %d", size, old)
			}
			if len(proof) > 0 {
				bad := append(tlog.TreeProof{}, proof...)
				bad[steps.Intn(len(bad))][3] ^= 1
				expect("a falsified proof", 422, request(old, bad, checkpoint))
			}
		}
		line := expect("a step", 200, request(old, proof, checkpoint))
		check(w.verify(strings.TrimSuffix(line, "\n"), checkpoint), "cosignature")
		cosigned++
	}
	expect("the same checkpoint again", 200, request(log.size, nil, log.checkpoint(origin, signer)))

	fork := &tree{}
	for fork.size < log.size {
		fork.append(fmt.Sprintf("another record %d", fork.size))
	}
	expect("a fork of the same size", 422, request(log.size, nil, fork.checkpoint(origin, signer)))
	old := log.size
	fork.append("and one more")
	expect("a fork that grew", 422, request(old, fork.consistency(old), fork.checkpoint(origin, signer)))

	other, _, err := note.GenerateKey(rand.Reader, origin)
	check(err, "key")
	stranger, err := note.NewSigner(other)
	check(err, "key")
	log.append("the last")
	expect("another key's signature", 403, request(old, log.consistency(old), log.checkpoint(origin, stranger)))
	unknownKey, _, err := note.GenerateKey(rand.Reader, "unknown.example/log")
	check(err, "key")
	unknown, err := note.NewSigner(unknownKey)
	check(err, "key")
	expect("a log nobody named", 404, request(0, nil, log.checkpoint("unknown.example/log", unknown)))
	expect("no request", 400, "new 5\n\nnonsense\n")
	expect("a step after all that", 200,
		request(old, log.consistency(old), log.checkpoint(origin, signer)))
	fmt.Printf("%s: %d checkpoints cosigned by %s, everything false refused\n", origin, cosigned+2, w.name)
}
