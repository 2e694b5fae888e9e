@0xb727671d8da37b41;

# The two structures of a log entry, both written in Cap'n Proto's canonical form (encoding
# specification, "Canonicalization"): one segment, no framing, preorder, no trailing zero words.
# On top of that, one value has one form here: an empty text, data or list is always a null pointer,
# never an empty object; whatever a kind of value does not use is zero; maps are lists sorted by
# name without repetition. The limits stand in limits.h.
#
# A later schema may add fields at the end. A reader of schema 1 refuses them: the schema number
# decides what the bytes mean, never their length.

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("hefu::wire");

struct Event {
  schema @0 :UInt16;      # 1
  algorithm @1 :UInt16;   # of the event id, the commitments and the evidence hashes; 1: SHA-256
  occurredOn @2 :Int32;   # civil date, days since 1970-01-01
  createdAt @3 :Int64;    # milliseconds since 1970-01-01T00:00:00Z
  visibility @4 :UInt16;  # 0 public, 1 members, 2 parties, 3 authority
  reserved16 @5 :UInt16;  # zero
  reserved32 @6 :UInt32;  # zero
  type @7 :Text;
  catalogue @8 :Text;     # "<id>/<version>"
  issuer @9 :Text;        # unified social credit code
  nonce @10 :Data;        # 16 bytes
  record @11 :Data;       # 32 bytes or none
  supersedes @12 :Data;   # 32 bytes or none
  programmes @13 :List(Text);          # sorted, unique
  fields @14 :List(Field);             # sorted by name, unique
  commitments @15 :List(Commitment);   # sorted by name, unique
  evidence @16 :Data;                  # 32 bytes each
}

struct Field {
  name @0 :Text;
  value @1 :Value;
}

struct Commitment {
  name @0 :Text;
  digest @1 :Data;  # 32 bytes
}

struct Value {
  kind @0 :Kind;
  scale @1 :UInt8;        # decimal: digits after the point
  reserved8 @2 :UInt8;    # zero
  reserved32 @3 :UInt32;  # zero
  number @4 :Int64;       # integer; 0 or 1; units of a decimal; days of a date
  text @5 :Text;
  data @6 :Data;          # digest (32 bytes) or bytes
  list @7 :List(Value);

  enum Kind {
    text @0;
    integer @1;
    boolean @2;
    decimal @3;
    date @4;
    digest @5;
    bytes @6;
    list @7;
  }
}

struct Envelope {
  schema @0 :UInt16;      # 1
  algorithm @1 :UInt16;   # 1: Ed25519 and SHA-256
  batchSize @2 :UInt32;
  batchIndex @3 :UInt32;
  reserved32 @4 :UInt32;  # zero
  signer @5 :Data;        # key id, 32 bytes
  event @6 :Data;         # canonical bytes of an Event
  batchPath @7 :Data;     # RFC 6962 inclusion path, 32 bytes each, leaf sibling first
  signature @8 :Data;     # 64 bytes
}
