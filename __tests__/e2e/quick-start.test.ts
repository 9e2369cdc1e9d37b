// The workflows of the README, run with nothing changed but the lines that are marked `# your`. Their servers have the names that
// the workflows say: only a proxy resolves them.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { loginFor } from '../support/docker-config.ts'
import { jobOf, markedNames, settingsOf, withEdits } from '../support/documented-workflow.ts'
import { codeBlocksOf } from '../support/markdown-page.ts'
import { openReader } from './documented-run.ts'

const MAX_EDITS = 4
const NAMESPACE = 'team-a'
const SECRET = 'team-registry'
const ECR = '123456789012.dkr.ecr.eu-west-1.amazonaws.com'

const readme = readFileSync('README.md', 'utf8')
const workflows = codeBlocksOf(readme, 'yaml').filter((block) => block.includes('uses: registry-pull-secret/'))

interface Reader {
  /** What is in the workflow of this reader, and in no other one. */
  readonly workflow: string
  /** The registry that the images of this reader are in. */
  readonly host: string
  /** Of the fake services, whose registry is also at `host`. */
  readonly domain: string
  readonly edits: Readonly<Record<string, string>>
}

const image = { 'verify-image': 'team/app:1', namespaces: NAMESPACE }

const readers: Readonly<Record<string, Reader>> = {
  GHCR: { workflow: 'provider: static', host: 'ghcr.io', domain: 'ghcr.io', edits: image },
  'any registry with a user name and a password': {
    workflow: 'provider: static',
    host: 'registry.example.com',
    domain: 'example.com',
    edits: { ...image, 'docker-server': 'registry.example.com' },
  },
  Artifactory: {
    workflow: 'provider: static',
    host: 'acme.jfrog.io',
    domain: 'jfrog.io',
    edits: { ...image, 'docker-server': 'acme.jfrog.io' },
  },
  'IBM Cloud': {
    workflow: 'provider: ibmcloud',
    host: 'de.icr.io',
    domain: 'icr.io',
    edits: { ...image, 'docker-server': 'de.icr.io' },
  },
  'Amazon ECR': {
    workflow: 'provider: docker-config',
    host: ECR,
    domain: 'dkr.ecr.eu-west-1.amazonaws.com',
    edits: { ...image, 'aws-region': 'eu-west-1', 'role-to-assume': 'arn:aws:iam::123456789012:role/team' },
  },
  'Bluemix Dedicated': {
    workflow: 'dedicated-domain:',
    host: 'registry.team.eu-gb.bluemix.net',
    domain: 'team.eu-gb.bluemix.net',
    edits: {
      ...image,
      'dedicated-domain': 'team.eu-gb.bluemix.net',
      organization: 'Platform Team',
      image: 'team/app:1',
    },
  },
}

describe('a reader of the README', () => {
  it('finds each workflow here', () => {
    const found = Object.values(readers).map(({ workflow }) => workflowOf(workflow))
    expect(new Set(found)).toEqual(new Set(workflows))
  })

  it.each(Object.entries(readers).filter(([title]) => title !== 'Bluemix Dedicated'))(
    'changes at most four values for %s',
    (_, { workflow, edits }) => {
      expect(markedNames(workflowOf(workflow)).length).toBeLessThanOrEqual(MAX_EDITS)
      expect(Object.keys(edits).length).toBeLessThanOrEqual(MAX_EDITS)
    },
  )

  it.each(Object.values(readers))('reads how to store each setting: $workflow', ({ workflow }) => {
    const commands = settingsOf(workflowOf(workflow)).map((name) =>
      name.replace('vars.', 'gh variable set ').replace('secrets.', 'gh secret set '),
    )
    expect(commands.filter((command) => !readme.includes(command))).toEqual([])
  })

  it.each(Object.entries(readers))('has a secret that pulls from %s, at the first attempt', async (_, reader) => {
    const { workflow, host, domain, edits } = reader
    await using world = await openReader({ hosts: [host], domain, namespaces: [NAMESPACE] })
    const { ibm } = world
    const job = jobOf(withEdits(workflowOf(workflow), edits))

    const [first] = await world.run(job)

    expect(first).toMatchObject({ code: 0, annotations: [] })
    expect(JSON.parse(first?.outputs.targets ?? '')).toMatchObject([{ namespace: NAMESPACE, result: 'created' }])
    expect(first?.log).toContain(`registry ${host} lets this credential pull team/app:1`)
    const stored = loginFor(await world.secret(SECRET), host)
    expect([...ibm.liveTokens(), ...ibm.liveKeys()].map(({ value }) => value)).toContain(stored?.password)

    const [second] = await world.run(job)
    expect(second).toMatchObject({ code: 0, annotations: [], outputs: { changed: 'false' } })
  })
})

function workflowOf(part: string): string {
  const [workflow = '', ...more] = workflows.filter((block) => block.includes(part))
  expect(more).toEqual([])
  return workflow
}
