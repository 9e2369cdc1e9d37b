// What a run, a test or a workflow executes is exactly what was reviewed: versions, checksums, commits.
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { load } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { licenseProblems } from '../../scripts/check-licenses.ts'
import { asObject, asObjects, asText } from '../../src/core/json.ts'
import { filesOf } from '../support/files-of.ts'

const lock = readFileSync('package-lock.json', 'utf8')
const licenses = readFileSync('dist/licenses.txt', 'utf8')
const { packages } = JSON.parse(lock) as { packages: Record<string, Readonly<Record<string, unknown>>> }
const locked = Object.entries(packages).filter(([path]) => path !== '')

describe('package.json and package-lock.json', () => {
  it.each(['dependencies', 'devDependencies', 'optionalDependencies', 'overrides'])('have exact %s', (field) => {
    const versions = asObject(asObject(JSON.parse(readFileSync('package.json', 'utf8')))[field])
    expect(Object.values(versions).length).toBeGreaterThan(0)
    for (const version of Object.values(versions)) expect(version).toMatch(/^\d+\.\d+\.\d+$/)
    if (field !== 'overrides') expect(asObject(packages[''])[field]).toEqual(versions)
  })

  it('have a checksum for each package, and no address: each machine asks its own registry', () => {
    expect(locked.length).toBeGreaterThan(100)
    for (const [path, { integrity, resolved }] of locked)
      expect({ path, integrity, resolved }).toEqual({
        path,
        integrity: expect.stringMatching(/^sha512-/),
        resolved: undefined,
      })
    expect(lock).not.toMatch(/https?:\/\/[^"]*\.tgz/)
  })
})

describe('the licenses', () => {
  it('of all packages of a run are allowed', () => {
    expect(licenseProblems(lock, licenses)).toEqual([])
  })

  it.each([
    ['GPL-3.0', { license: 'GPL-3.0' }, /^x has the license GPL-3\.0, which is not one of/],
    ['none', {}, /^x has the license \(none\)/],
  ])('are checked in package-lock.json: %s', (_, entry, problem) => {
    const other = JSON.stringify({ packages: { '': {}, 'node_modules/a/node_modules/x': entry } })
    expect(licenseProblems(other, licenses)).toEqual([expect.stringMatching(problem)])
  })

  it('are checked in dist, and not for development tools', () => {
    const other = JSON.stringify({ packages: { 'node_modules/y': { dev: true, license: 'GPL-3.0' } } })
    expect(licenseProblems(other, 'Name: x\nVersion: 1.0.0\nLicense: AGPL-3.0\n')).toHaveLength(1)
    expect(licenseProblems(other, '')).toEqual(['dist/licenses.txt lists no package'])
  })
})

/** What jobs may write, by workflow and job. */
const WRITES: Readonly<Record<string, readonly string[]>> = {
  'security.yml codeql': ['security-events'],
  'release.yml publish': ['contents'],
  'release.yml attest': ['attestations', 'id-token'],
  'release.yml major-tag': ['contents'],
}

const workflows = filesOf('.github/workflows/*.yml')

it('the jobs that may write exist', () => {
  const jobs = workflows.flatMap((path) =>
    Object.keys(asObject(asObject(load(readFileSync(path, 'utf8'))).jobs)).map((job) => `${basename(path)} ${job}`),
  )
  expect(Object.keys(WRITES).filter((job) => !jobs.includes(job))).toEqual([])
})

it('the same version of an action has the same commit everywhere', () => {
  const texts = [...workflows, ...filesOf('examples/*.yml'), 'README.md', ...filesOf('docs/*.md')].map((path) =>
    readFileSync(path, 'utf8'),
  )
  const pins = texts.flatMap((text) => [...text.matchAll(/uses: (\S+)@([0-9a-f]{40}) # (v[\d.]+)/g)])
  const byVersion = Map.groupBy(pins, ([, name, , version]) => `${name} ${version}`)
  const commits = [...byVersion].map(([version, found]) => [version, new Set(found.map(([, , commit]) => commit)).size])
  expect(commits.length).toBeGreaterThan(5)
  expect(commits.filter(([, count]) => count !== 1)).toEqual([])
})

describe.each(workflows)('%s', (path) => {
  const text = readFileSync(path, 'utf8')
  const workflow = asObject(load(text))
  const named = Object.entries(asObject(workflow.jobs)).map(([name, job]) => [name, asObject(job)] as const)
  const jobs = named.map(([, job]) => job)
  const steps = jobs.flatMap(({ steps }) => asObjects(steps))

  it('uses actions by commit or from its own commit, and images by digest, with the version in plain text', () => {
    const lines = text.split('\n').filter((line) => /\buses:/.test(line))
    expect(lines.length).toBe(steps.filter(({ uses }) => uses !== undefined).length)
    for (const line of lines)
      expect(line).toMatch(
        /uses: (\.\/(\.registry-pull-secret)?|[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+|docker:\/\/[\w./-]+:[\d.]+@sha256:[0-9a-f]{64})$/,
      )
  })

  it('grants each job only what it needs, and keeps no credentials on disk', () => {
    expect(workflow.permissions).toEqual({})
    for (const [name, { permissions }] of named) {
      expect(permissions).toBeTypeOf('object')
      const written = Object.entries(asObject(permissions)).filter(([, access]) => access !== 'read')
      expect(written.every(([, access]) => access === 'write')).toBe(true)
      expect(written.map(([scope]) => scope).sort()).toEqual(WRITES[`${basename(path)} ${name}`] ?? [])
    }
    for (const { uses, with: inputs } of steps)
      if (asText(uses)?.startsWith('actions/checkout@')) expect(asObject(inputs)['persist-credentials']).toBe(false)
  })

  it('installs no package and restores no cache in a job that may write the code or a provenance', () => {
    const writing = named.filter(([name]) =>
      /^(contents|id-token)/m.test((WRITES[`${basename(path)} ${name}`] ?? []).join('\n')),
    )
    const inWriting = writing.flatMap(([, { steps }]) => asObjects(steps))
    for (const { run, uses, with: inputs } of inWriting) {
      expect(asText(run) ?? '').not.toMatch(/\b(npm|npx|curl|apt-get)\b/)
      if (asText(uses)?.startsWith('actions/setup-node@')) expect(asObject(inputs)['package-manager-cache']).toBe(false)
    }
  })

  it('limits the time of each job, and puts no expression into a script', () => {
    for (const job of jobs) expect(job['timeout-minutes']).toBeTypeOf('number')
    for (const { run } of steps) expect(asText(run) ?? '').not.toContain('${{')
  })
})
