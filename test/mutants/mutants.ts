import type { Mutant } from './mutant.ts'

/** Every mutant, with what finds it out. The seed of a season is one that is known to; when the world of seasons has changed, another is searched for. */
export const MUTANTS: readonly Mutant[] = [
  {
    name: 'a have never goes backwards',
    file: 'edge/uplink/ear.ts',
    find: '      const body = HAVE.read(payload)?.body ?? null\n      if (!body) return null\n',
    replace:
      '      const said = HAVE.read(payload)?.body ?? null\n      if (!said) return null\n      const most = exchange.noted().heldByHub\n' +
      '      const less = (tip) => tip.stream === own && tip.epoch === most?.epoch && tip.held < most.seq\n' +
      '      const body = { ...said, tips: said.tips.map((tip) => (less(tip) ? { ...tip, held: most.seq } : tip)) }\n' +
      '      if (most && !body.tips.some(({ stream, epoch }) => stream === own && epoch === most.epoch))\n' +
      "        body.tips.push({ stream: own, epoch: most.epoch, held: most.seq, headHash: '0'.repeat(64), applied: most.seq, refused: [] })\n",
    why: 'a hub restored from a backup, or a node with an old card, never gets back what it lost',
    killer: { seed: 1, movements: 100, faults: 'hub-restored' },
  },
  {
    name: 'an act repeated at a node books again',
    file: 'edge/ledger/actions.ts',
    find: "where action = ?'),\n  keep: db.prepare<[string, string | null, string, string, number, number]>(\n    'insert into",
    replace:
      "where action = ? and false'),\n  keep: db.prepare<[string, string | null, string, string, number, number]>(\n    'insert or replace into",
    why: 'a tablet that heard no answer issues the goods twice',
    killer: { seed: 2, movements: 100, faults: 'duplicate' },
  },
  {
    name: 'an act repeated at the hub writes again',
    file: 'hub/ledger/sqlite/own.ts',
    find: 'const before = first ? acted.all(first.action) : []',
    replace: 'const before = first ? acted.all(first.action).slice(9) : []',
    why: 'a page that asks again announces the same goods twice',
    killer: { promise: 'writes an action once, and refuses it for another act' },
  },
  {
    name: 'an epoch is gone on with after a start',
    file: 'edge/ledger/writer.ts',
    find: 'const epoch = freshEpoch(parts, log, stream)',
    replace: 'const epoch = log.lastOwn(stream)?.epoch ?? freshEpoch(parts, log, stream)',
    why: 'a node on an old image gives the same numbers to other entries',
    killer: { seed: 1, movements: 100, faults: 'old-image,lying-card,node-kill' },
  },
  {
    name: 'a node commits log and tables apart',
    file: 'edge/database.ts',
    find: "  db.exec('begin immediate')\n  try {\n    const result = write()\n    db.exec('commit')",
    replace: "  db.exec('select 1')\n  try {\n    const result = write()\n    db.exec('select 1')",
    why: 'a power cut leaves an entry whose units never moved',
    killer: { scenario: 'a node books one act after another' },
  },
  {
    name: 'the hub commits log and tables apart',
    file: 'hub/ledger/sqlite/commit.ts',
    find: '      on.flush()\n      commit.run()',
    replace: '      commit.run()\n      on.flush()',
    why: 'a crash between the two leaves entries that no table knows, under a tip that lies',
    killer: { scenario: 'a hub takes parcels in groups' },
  },
  {
    name: 'the hub refuses what its book cannot explain',
    file: 'hub/ledger/sqlite/take.ts',
    find: "    if (judged.is === 'taken') {",
    replace:
      "    if (judged.is === 'taken' && judged.entries.some(({ entry }) => entry?.lines.some(({ from }) => from.endsWith('~unexplained'))))\n" +
      "      return setAside(parcel, 'wire.entry-misplaced', batch)\n    if (judged.is === 'taken') {",
    why: 'what the keeper really used never reaches the county',
    killer: { seed: 1, movements: 100, faults: 'duplicate' },
  },
  {
    name: 'the hub refuses entries of a wrong clock',
    file: 'hub/ledger/sqlite/take.ts',
    find: "    if (judged.is === 'taken') {",
    replace:
      '    const skewed = (at: string) => Math.abs(Date.parse(at) - parcel.receivedAtMs) > 43_200_000\n' +
      "    if (judged.is === 'taken' && judged.entries.some(({ entry }) => entry !== null && skewed(entry.occurredAt)))\n" +
      "      return setAside(parcel, 'wire.entry-misplaced', batch)\n    if (judged.is === 'taken') {",
    why: 'a node without a clock chip loses all it books before it hears the time',
    killer: { seed: 2, movements: 100, faults: 'no-clock-chip,clock-jump' },
  },
  {
    name: 'a gap is not told from a broken chain',
    file: 'protocol/ledger/stream.ts',
    find:
      "  if (batch.from > held + 1) return { is: 'gap', held }\n" +
      '  const previous = batch.from === 1 ? CHAIN_START : known.hashAt(batch.epoch, batch.from - 1)\n' +
      "  if (!previous) return { is: 'gap', held }\n",
    replace: '  const previous = (batch.from === 1 ? null : known.hashAt(batch.epoch, batch.from - 1)) ?? CHAIN_START\n',
    why: 'what was overtaken on the way is called forged, and its node is told to send it no more',
    killer: { seed: 2, movements: 100, faults: 'gap,reorder' },
  },
  {
    name: 'a node prunes what the hub holds',
    file: 'edge/ledger/exchange.ts',
    find: '    found: () => {\n',
    replace:
      '    found: () => {\n      const known = noted.read().heldByHub\n' +
      "      if (known) db.prepare('delete from log where stream = ? and epoch = ? and seq < ?').run(own, known.epoch, known.seq)\n",
    why: 'a restored hub asks its nodes, and they have nothing left',
    killer: { seed: 1, movements: 100, faults: 'duplicate' },
  },
  {
    name: 'receipts are told without a pause',
    file: 'hub/ingest/haves.ts',
    find: 'export const HEARTBEAT_MS = 10_000',
    replace: 'export const HEARTBEAT_MS = 100',
    why: 'five hundred nodes hear nothing but receipts',
    killer: { seed: 1, movements: 10, faults: 'duplicate' },
  },
  {
    name: 'what was sent and acknowledged is taken for held',
    file: 'protocol/ledger/sender.ts',
    find: '    if (nowMs - last.atMs >= last.waitMs) {',
    replace: '    if (nowMs < last.atMs) {',
    why: 'what the broker took off the line and the hub never committed stays at the node for good',
    killer: { seed: 1, movements: 100, faults: 'gap' },
  },
  {
    name: 'a fork is taken for a duplicate',
    file: 'protocol/ledger/stream.ts',
    find: '  if (fork) return fork\n',
    replace: "  if (fork) return { is: 'duplicate' }\n",
    why: 'two machines write under one name and nobody hears of it',
    killer: { seed: 1, movements: 100, faults: 'fork' },
  },
  {
    name: 'the chain is not checked',
    file: 'protocol/ledger/stream.ts',
    find: "  if (!head || hexOf(head) !== batch.headHash) return 'wire.chain-broken'\n",
    replace: "  if (!head) return 'wire.chain-broken'\n",
    why: 'a figure changed on the way is booked',
    killer: { seed: 2, movements: 100, faults: 'tamper' },
  },
  {
    name: 'signatures are not checked',
    file: 'protocol/ledger/stream.ts',
    find: "  return parts.verify(known.publicKey, signedHead(parts, batch), batch.signature) ? null : 'wire.signature-wrong'",
    replace: '  return null',
    why: 'who can reach the broker can book for a node',
    killer: { promise: 'refuses a batch signed by another key under the name of this key' },
  },
  {
    name: 'what is refused is not told',
    file: 'hub/ledger/sqlite/take.ts',
    find: 'if (writerOf(batch.stream) !== HUB && from <= batch.upto) marks.put(batch, from, no)',
    replace: 'if (writerOf(batch.stream) === HUB && from <= batch.upto) marks.put(batch, from, no)',
    why: 'the node sends it again for ever, and its page shows nothing',
    killer: { promise: 'keeps a fork apart, names it, and holds on to the first branch' },
  },
  {
    name: 'entries behind a parked one are applied',
    file: 'hub/ledger/sqlite/append.ts',
    find: '        open = applied\n',
    replace: '        open = apply\n',
    why: 'balances hang on when the hub was upgraded',
    killer: { seed: 2, movements: 100, faults: 'newer-edge' },
  },
  {
    name: 'transit is judged per destination',
    file: 'hub/projections/apply/transit.ts',
    find: '    shift: (position, doc, units, { atMs, back }) => {\n',
    replace: '    shift: (position, _doc, units, { atMs, back }) => {\n      const doc = NO_DOCUMENT\n',
    why: 'one document too much covers for one too little',
    killer: { promise: 'names goods on their way past their time, per document, and closes it when they arrive' },
  },
  {
    name: 'a count sets the balance',
    file: 'hub/projections/apply/movements.ts',
    find: '    for (const [at, line] of lines.entries()) bookLine(placed, line, at, dated)\n',
    replace:
      '    for (const [at, line] of lines.entries()) {\n' +
      '        const { counted, place, lot } = placed.entry.body\n' +
      "        const found = placed.entry.kind === 'count' ? sums.positions.at(lot, place).units : 0\n" +
      "        bookLine(placed, placed.entry.kind === 'count' ? { ...line, units: Math.abs(counted - found) || line.units } : line, at, dated)\n" +
      '      }\n',
    why: 'what a node has not told yet is wiped out by a count made beside it',
    killer: { seed: 1, movements: 100, faults: 'clone,old-image,new-card' },
  },
  {
    name: 'a line is reversed twice by its writer',
    file: 'edge/ledger/book.ts',
    find: 'reversedBy: (id, line) => sql.reversal.get(id, line) ?? null',
    replace: 'reversedBy: () => null',
    why: 'goods come back to the shelf that left it once',
    killer: { promise: 'lets its writer reverse a line once' },
  },
  {
    name: 'the later expiry rules',
    file: 'protocol/rules/lot-expiry.ts',
    find: 'expiry: standing[0] ?? null',
    replace: 'expiry: standing.at(-1) ?? null',
    why: 'an expired lot stays good in the county because somebody mistyped a year',
    killer: { promise: 'lets the earlier of two expiry dates rule and names the conflict' },
  },
  {
    name: 'own history pulled back is not covered',
    file: 'edge/ledger/exchange.ts',
    find: '  if (own) coverShortfall(',
    replace: '  if (own && taken.entries.length > 64) coverShortfall(',
    why: 'a new card refuses its own past: a room would be below zero',
    killer: { seed: 6, movements: 100, faults: 'new-card,old-image,lying-card,clone' },
  },
  {
    name: 'a lost tail is not told',
    file: 'hub/ingest/downlink.ts',
    find: "    const named = await ledger.openDiscrepancy({ kind: 'lost-tail'",
    replace: "    const named = facts.from >= 1 || await ledger.openDiscrepancy({ kind: 'lost-tail'",
    why: 'nobody hears that a card forgot answered bookings',
    killer: { seed: 1, movements: 100, faults: 'old-image,lying-card' },
  },
  {
    name: 'a hole is not named',
    file: 'hub/ledger/sqlite/append.ts',
    find: '        if (one.hole) rooms.',
    replace: '        if (one.hole && one.seq < 1) rooms.',
    why: 'an entry without effect stands in the books as if it were nothing',
    killer: { promise: 'goes on behind a damaged entry, names it, and folds the same sums again' },
  },
  {
    name: 'a digest is not compared',
    file: 'hub/ledger/sqlite/digests.ts',
    find: 'const same = ours.digest === said.digest',
    replace: 'const same = said.digest !== null',
    why: 'two books that drifted apart are called equal',
    killer: { promise: 'compares a digest at exactly the entry it names, and names the row that differs until a later one is equal' },
  },
]
