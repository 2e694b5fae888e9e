@0xd3f0a4c1b7e2965d;
# What one node says to another: one request, one answer, in turn, each one frame (node/net/frame.h)
# holding one message of one segment without a segment table. Checkpoints, cosignature requests and
# fork proofs travel as the texts the public specifications define; entries travel as tlog-tiles
# entry bundles (u16 be length, bytes).

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("hefu::peer_wire");

struct Request {
  union {
    hello @0 :Hello;
    heads @1 :Void;
    pull @2 :Pull;
    prove @3 :Prove;
    cosign @4 :Text;       # C2SP tlog-witness add-checkpoint request
    forkReport @5 :Text;   # tlog-fork-proof/v0
    stage @6 :Stage;
    recall @7 :Recall;
  }
}

struct Answer {
  union {
    refusal @0 :Refusal;
    hello @1 :Hello;
    heads @2 :List(Head);
    package @3 :Package;
    proof @4 :Proof;
    cosigned @5 :Cosigned;
    noted @6 :Void;        # the fork report was verified and kept
    staged @7 :Staged;
    recalled @8 :Recalled;
  }
}

struct Refusal {
  code @0 :Text;           # names of crypto/result.h
  message @1 :Text;
}

struct Hello {
  federation @0 :Data;     # 32 bytes
  versions @1 :List(UInt16);
  program @2 :Text;
}

struct Head {
  origin @0 :Text;
  size @1 :UInt64;         # entries this node holds; at least what the notes cover
  checkpoint @2 :Text;     # latest signed note whose entries are all here; empty if none
  cosigned @3 :Text;       # latest note with a quorum; empty if none
  witnessed @4 :Text;      # latest note this node cosigned, whatever it holds; empty if none
  witnessOnly @5 :Bool;    # this node keeps no entries of this log, by its policy
}

struct Pull {
  origin @0 :Text;
  begin @1 :UInt64;
  end @2 :UInt64;          # not beyond size
  size @3 :UInt64;         # of the checkpoint the answer is proved against
  bytesMax @4 :UInt32;     # fewer entries are sent if they would take more
  range @5 :Bool;          # prove [begin, end) by itself, as a subtree; send as many as make one
}

struct Package {
  begin @0 :UInt64;
  count @1 :UInt32;
  entries @2 :Data;
  proof @3 :Data;          # consistency of begin + count with size, or subtree proof of
                           # [begin, begin + count) if a range was asked for; 32 bytes each
}

struct Prove {
  origin @0 :Text;
  oldSize @1 :UInt64;
  size @2 :UInt64;
}

struct Proof {
  oldRoot @0 :Data;        # root of the first oldSize leaves
  hashes @1 :Data;         # consistency of oldSize with size; 32 bytes each
}

struct Cosigned {
  status @0 :UInt16;       # as C2SP tlog-witness
  body @1 :Text;
}

struct Stage {             # the owner of a log: keep these entries, no checkpoint covers them yet
  origin @0 :Text;
  boot @1 :UInt64;         # number of the start of the owner's writer, ever higher
  start @6 :Text;          # that number signed with the log's key (ledger/log/writer_start.h)
  signed @2 :UInt64;       # size of the owner's latest checkpoint
  begin @3 :UInt64;
  count @4 :UInt32;        # 0: only asks where the entries held end
  entries @5 :Data;
}

struct Staged {
  end @0 :UInt64;          # entries below it are durable here or covered by a checkpoint
  later @1 :Text;          # nothing was taken: a later start of the writer was seen, and this is it
}

struct Recall {            # the owner of a log has lost its disk: give back what you hold
  origin @0 :Text;
  begin @1 :UInt64;
}

struct Recalled {
  boot @0 :UInt64;         # highest number of a start seen; 0: none
  begin @1 :UInt64;        # of the first entry below
  boots @2 :List(UInt64);  # one an entry: the start that sent it
  entries @3 :Data;
}
