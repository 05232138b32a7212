"""An independent reader of a tiled log: nothing in it comes from this project. Standard library of Python 3 only.

Reads one JSON object on standard input: the URL prefix of a log (C2SP tlog-tiles), a bearer token, the log's verifier key and those of
witnesses. Fetches checkpoint, tiles and entry bundles; recomputes every hash as RFC 6962 says, verifies the Ed25519 signatures as RFC 8032
says, and the proofs that the log gives out. Prints what it verified as one JSON object; anything wrong ends it with an exception.
"""
import base64
import hashlib
import json
import struct
import sys
import urllib.error
import urllib.request

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def recover(y, sign):
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P)
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    assert (x * x - x2) % P == 0, "not a point of the curve"
    return P - x if x & 1 != sign else x


def add(a, b):
    (x1, y1, z1, t1), (x2, y2, z2, t2) = a, b
    e, f = (y1 - x1) * (y2 - x2) % P, (y1 + x1) * (y2 + x2) % P
    g, h = 2 * t1 * t2 * D % P, 2 * z1 * z2 % P
    a_, b_, c, d = f - e, h - g, h + g, f + e
    return a_ * b_ % P, c * d % P, b_ * c % P, a_ * d % P


def multiply(n, point):
    result = (0, 1, 1, 0)
    while n:
        if n & 1:
            result = add(result, point)
        point, n = add(point, point), n >> 1
    return result


def decode(text):
    y = int.from_bytes(text, "little")
    x = recover(y & (1 << 255) - 1, y >> 255)
    y &= (1 << 255) - 1
    return x, y, 1, x * y % P


BASE = decode(bytes.fromhex("58" + "66" * 31))


def ed25519(key, message, signature):
    s = int.from_bytes(signature[32:], "little")
    assert s < L, "not canonical"
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L
    (x1, y1, z1, _), (x2, y2, z2, _) = multiply(s, BASE), add(decode(signature[:32]), multiply(h, decode(key)))
    assert (x1 * z2 - x2 * z1) % P == 0 and (y1 * z2 - y2 * z1) % P == 0, "the signature does not verify"


def vkey(text):
    name, key_id, material = text.split("+", 2)
    material = base64.b64decode(material)
    assert hashlib.sha256(name.encode() + b"\n" + material).hexdigest()[:8] == key_id, "key id"
    return name, bytes.fromhex(key_id), material[0], material[1:]


def verify_note(note, keys):
    """Names of the keys whose signatures were verified."""
    text, signatures = note.rsplit("\n\n", 1)
    text += "\n"
    found = []
    for line in signatures.splitlines():
        dash, name, encoded = line.split(" ")
        assert dash == "\u2014"
        raw = base64.b64decode(encoded)
        for key_name, key_id, kind, key in keys:
            if (name, raw[:4]) != (key_name, key_id):
                continue
            if kind == 1:
                ed25519(key, text.encode(), raw[4:])
            else:
                (time,) = struct.unpack(">Q", raw[4:12])
                ed25519(key, f"cosignature/v1\ntime {time}\n{text}".encode(), raw[12:])
            found.append(name)
    origin, size, root = text.splitlines()
    return origin, int(size), base64.b64decode(root), found


def leaf(data):
    return hashlib.sha256(b"\0" + data).digest()


def node(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


def split(n):
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def mth(hashes):
    if not hashes:
        return hashlib.sha256().digest()
    if len(hashes) == 1:
        return hashes[0]
    k = split(len(hashes))
    return node(mth(hashes[:k]), mth(hashes[k:]))


def path(m, hashes):
    """RFC 6962 section 2.1.1."""
    if len(hashes) == 1:
        return []
    k = split(len(hashes))
    return path(m, hashes[:k]) + [mth(hashes[k:])] if m < k else path(m - k, hashes[k:]) + [mth(hashes[:k])]


def subproof(m, hashes, whole):
    """RFC 6962 section 2.1.2."""
    if m == len(hashes):
        return [] if whole else [mth(hashes)]
    k = split(len(hashes))
    if m <= k:
        return subproof(m, hashes[:k], whole) + [mth(hashes[k:])]
    return subproof(m - k, hashes[k:], False) + [mth(hashes[:k])]


def tile_path(level, index, width):
    parts = [f"{index % 1000:03d}"]
    while index >= 1000:
        index //= 1000
        parts.insert(0, f"x{index % 1000:03d}")
    return f"tile/{level}/" + "/".join(parts) + (f".p/{width}" if width < 256 else "")


def main():
    asked = json.load(sys.stdin)
    keys = [vkey(text) for text in [asked["vkey"], *asked["witnesses"]]]

    def get(name, accept="identity"):
        headers = {"authorization": f"Bearer {asked['token']}", "accept-encoding": accept}
        with urllib.request.urlopen(urllib.request.Request(f"{asked['prefix']}/{name}", headers=headers)) as answer:
            return answer.read(), answer.headers

    note, headers = get("checkpoint")
    assert headers["content-type"].lower() == "text/plain; charset=utf-8" and "no-cache" in headers["cache-control"]
    origin, size, root, signers = verify_note(note.decode(), keys)
    assert origin == keys[0][0] and origin in signers

    def tiles(level):
        count = size // 256**level
        for first in range(0, count, 256):
            data, headers = get(tile_path(level, first // 256, min(256, count - first)))
            assert headers["content-type"] == "application/octet-stream" and "immutable" in headers["cache-control"]
            yield from (data[i : i + 32] for i in range(0, len(data), 32))

    entries = []
    for first in range(0, size, 256):
        data, _ = get(tile_path("entries", first // 256, min(256, size - first)))
        while data:
            (length,) = struct.unpack(">H", data[:2])
            entries.append(data[2 : 2 + length])
            data = data[2 + length :]
    hashes = [leaf(entry) for entry in entries]
    assert len(hashes) == size and list(tiles(0)) == hashes, "level 0"
    level, layer = 1, hashes
    while size // 256**level:
        layer = [mth(layer[i : i + 256]) for i in range(0, len(layer) // 256 * 256, 256)]
        assert list(tiles(level)) == layer, f"level {level}"
        level += 1
    assert mth(hashes) == root, "the root is not that of the entries"

    refused = 0
    for name in [tile_path(0, size // 256 + 1, 256), "tile/0/0", "tile/0/000.p/0", "tile/0/000.p/256", "tile/64/000", "tile/0/x000/000"]:
        try:
            get(name)
        except urllib.error.HTTPError as error:
            refused += error.code in (400, 404)

    proofs = 0
    for index in {0, 1, size // 2, size - 1}:
        (item,) = json.loads(get(f"proof?index={index}&size={size}")[0])["items"]
        head, checkpoint = item["proof"].split("\n\n", 1)
        first, at, *lines = head.split("\n")
        assert first == "c2sp.org/tlog-proof@v1" and at == f"index {index}" and item["leaf"].encode() == entries[index]
        assert [base64.b64decode(line) for line in lines] == path(index, hashes), "inclusion"
        assert verify_note(checkpoint, keys)[:3] == (origin, size, root)
        proofs += 1
    for smaller in {1, size // 2, size - 1, size} - {0}:
        url = f"{asked['api']}/proofs/consistency?log={asked['log']}&from={smaller}&to={size}"
        headers = {"authorization": f"Bearer {asked['token']}"}
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers)) as answer:
            proof = json.load(answer)["proof"]
        assert [base64.b64decode(line) for line in proof] == subproof(smaller, hashes, True), "consistency"
        proofs += 1
    print(json.dumps({"origin": origin, "size": size, "signers": signers, "levels": level, "proofs": proofs, "refused": refused}))


main()
