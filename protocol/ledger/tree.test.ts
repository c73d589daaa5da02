import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { testParts } from '../../test/parts.ts'
import { bytesOfHex, hexOf } from '../bytes.ts'
import { consistencyPath, type HashAt, inclusionPath, isConsistent, leafHash, nodeHash, openEdge, rootAt, rootOfPath } from './tree.ts'

/** The vectors every implementation of Certificate Transparency is measured by: eight leaves, the root over the first n of them. */
const LEAVES = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696A6B6C6D6E6F'].map(bytes)
const ROOTS = [
  'E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855',
  '6E340B9CFFB37A989CA544E6BB780A2C78901D3FB33738768511A30617AFA01D',
  'FAC54203E7CC696CF0DFCB42C92A1D9DBAF70AD9E621F4BD8D98662F00E3C125',
  'AEB6BCFE274B70A14FB067A5E5578264DB0FA9B51AF5E0BA159158F329E06E77',
  'D37EE418976DD95753C1C73862B9398FA2A2CF9B4FF0FDFE8B30CD95209614B7',
  '4E3BBB1F7B478DCFE71FB631631519A3BCA12C9AEFCA1612BFCE4C13A86264D4',
  '76E67DADBCDF1E10E1B74DDC608ABD2F98DFB16FBCE75277B5232A127F2087EF',
  'DDB89BE403809E325750D3D263CD78929C2942B7942A34B77E122C9594A74C8C',
  '5DC9DA79A70659A9AD559CB701DED9A2AB9D823AAD2F4960CFE370EFF4604328',
]
function bytes(hex: string): Uint8Array {
  return bytesOfHex(hex) ?? new Uint8Array()
}

/** A tree by the book: the root of a list is made from the roots of its two halves, each from nothing. */
const rootByTheBook = (leaves: readonly Uint8Array[]): Uint8Array => {
  const [only] = leaves
  if (!only) return testParts.sha256()
  if (leaves.length === 1) return only
  const half = 2 ** (Math.ceil(Math.log2(leaves.length)) - 1)
  return nodeHash(testParts, rootByTheBook(leaves.slice(0, half)), rootByTheBook(leaves.slice(half)))
}
const numbered = (count: number) => Array.from({ length: count }, (_, at) => leafHash(testParts, Uint8Array.of(at >> 8, at)))
/** Perfect subtrees as the edge tells them. */
const grown = (leaves: readonly Uint8Array[]) => {
  const hashes = new Map<string, Uint8Array>()
  const edge = openEdge(testParts, undefined, (height, index, hash) => void hashes.set(`${height} ${index}`, hash))
  for (const leaf of leaves) edge.append(leaf)
  const at: HashAt = (height, index) => hashes.get(`${height} ${index}`) ?? expect.fail(`no subtree ${height} ${index} was told`)
  return { edge, at }
}

describe('the published vectors of the reference implementation', () => {
  test.for(ROOTS.map((root, size) => ({ root, size })))('$size leaves', ({ root, size }) => {
    const { edge, at } = grown(LEAVES.slice(0, size).map((leaf) => leafHash(testParts, leaf)))
    expect([edge.size(), hexOf(edge.root()), hexOf(rootAt(testParts, at, size))]).toEqual([size, root, root])
  })

  test('a leaf and a node', () => {
    const hash = hexOf(leafHash(testParts, testParts.utf8('L123456')))
    expect(hash).toBe('395AA064AA4C29F7010ACFE3F25DB9485BBD4B91897B6AD7AD547639252B4D56')
  })

  const { at } = grown(LEAVES.map((leaf) => leafHash(testParts, leaf)))
  const hexes = (path: readonly Uint8Array[]) => path.map(hexOf)

  test.for([
    { index: 0, size: 1, path: [] },
    { index: 1, size: 2, path: [ROOTS[1]] },
    { index: 2, size: 3, path: [ROOTS[2]] },
    {
      index: 1,
      size: 5,
      path: [
        ROOTS[1],
        '5F083F0A1A33CA076A95279832580DB3E0EF4584BDFF1F54C8A360F50DE3031E',
        'BC1A0643B12E4D2D7C77918F44E0F4F79A838B6CF9EC5B5C283E1F4D88599E6B',
      ],
    },
    {
      index: 5,
      size: 8,
      path: [
        'BC1A0643B12E4D2D7C77918F44E0F4F79A838B6CF9EC5B5C283E1F4D88599E6B',
        'CA854EA128ED050B41B35FFC1B87B8EB2BDE461E9E3B5596ECE6B9D5975A0AE0',
        ROOTS[4],
      ],
    },
  ])('inclusion of leaf $index in $size', ({ index, size, path }) => {
    expect(hexes(inclusionPath(testParts, at, index, size))).toEqual(path)
  })

  test.for([
    { before: 1, size: 1, path: [] },
    {
      before: 1,
      size: 8,
      path: [
        '96A296D224F285C67BEE93C30F8A309157F0DAA35DC5B87E410B78630A09CFC7',
        '5F083F0A1A33CA076A95279832580DB3E0EF4584BDFF1F54C8A360F50DE3031E',
        '6B47AAF29EE3C2AF9AF889BC1FB9254DABD31177F16232DD6AAB035CA39BF6E4',
      ],
    },
    {
      before: 6,
      size: 8,
      path: [
        '0EBC5D3437FBE2DB158B9F126A1D118E308181031D0A949F8DEDEDEBC558EF6A',
        'CA854EA128ED050B41B35FFC1B87B8EB2BDE461E9E3B5596ECE6B9D5975A0AE0',
        ROOTS[4],
      ],
    },
    {
      before: 2,
      size: 5,
      path: [
        '5F083F0A1A33CA076A95279832580DB3E0EF4584BDFF1F54C8A360F50DE3031E',
        'BC1A0643B12E4D2D7C77918F44E0F4F79A838B6CF9EC5B5C283E1F4D88599E6B',
      ],
    },
  ])('consistency of $before in $size', ({ before, size, path }) => {
    expect(hexes(consistencyPath(testParts, at, before, size))).toEqual(path)
  })
})

describe('against a tree by the book', () => {
  const SIZE_MAX = 300
  const leaves = numbered(SIZE_MAX)
  const { at } = grown(leaves)
  const root = (size: number) => rootByTheBook(leaves.slice(0, size))
  const place = fc
    .integer({ min: 1, max: SIZE_MAX })
    .chain((size) => fc.tuple(fc.constant(size), fc.integer({ min: 0, max: size - 1 }), fc.integer({ min: 1, max: size })))
  const flipped = (hash: Uint8Array) => hash.map((byte, index) => (index === 7 ? byte ^ 1 : byte))
  const leafAt = (index: number) => leaves[index] ?? new Uint8Array()

  test('root, inclusion and consistency hold', () => {
    fc.assert(
      fc.property(place, ([size, index, before]) => {
        expect(rootAt(testParts, at, size)).toEqual(root(size))
        expect(rootOfPath(testParts, { index, size }, leafAt(index), inclusionPath(testParts, at, index, size))).toEqual(root(size))
        const [earlier, later] = [before, size].map((count) => ({ size: count, root: root(count) }))
        if (earlier && later) expect(isConsistent(testParts, earlier, later, consistencyPath(testParts, at, before, size))).toBe(true)
      }),
      { numRuns: 60 },
    )
  })

  test('a proof that was changed, cut, lengthened or put elsewhere proves nothing', () => {
    fc.assert(
      fc.property(place, fc.nat(), ([size, index, before], pick) => {
        const path = inclusionPath(testParts, at, index, size)
        const bent = path.map((hash, which) => (which === pick % path.length ? flipped(hash) : hash))
        const others = [path.slice(1), [...path, root(size)], [...path.slice(1), new Uint8Array(3)], ...(path.length > 0 ? [bent] : [])]
        for (const other of others.filter(({ length }) => path.length > 0 || length > 0))
          expect(rootOfPath(testParts, { index, size }, leafAt(index), other)).not.toEqual(root(size))
        expect(rootOfPath(testParts, { index: size, size }, leafAt(index), path)).toBeNull()
        expect(rootOfPath(testParts, { index, size }, flipped(leafAt(index)), path)).not.toEqual(root(size))
        const proof = consistencyPath(testParts, at, before, size)
        const [earlier, later] = [
          { size: before, root: root(before) },
          { size, root: root(size) },
        ]
        expect(isConsistent(testParts, { ...earlier, root: flipped(earlier.root) }, later, proof)).toBe(false)
        expect(isConsistent(testParts, earlier, { ...later, root: flipped(later.root) }, proof)).toBe(false)
        expect(isConsistent(testParts, earlier, later, [...proof, root(size)])).toBe(false)
        if (proof.length > 0) expect(isConsistent(testParts, earlier, later, proof.slice(1))).toBe(false)
        expect(isConsistent(testParts, { ...earlier, size: 0 }, later, proof)).toBe(false)
        expect(isConsistent(testParts, { ...earlier, size: size + 1 }, later, proof)).toBe(false)
      }),
      { numRuns: 60 },
    )
  })

  test('an edge goes on from its peaks as if it had never stopped', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: SIZE_MAX }), (stop) => {
        const { edge } = grown(leaves.slice(0, stop))
        const later = openEdge(testParts, { size: edge.size(), peaks: edge.peaks() })
        for (const leaf of leaves.slice(stop)) later.append(leaf)
        expect([later.size(), later.root(), edge.size()]).toEqual([SIZE_MAX, root(SIZE_MAX), stop])
      }),
      { numRuns: 20 },
    )
  })
})
