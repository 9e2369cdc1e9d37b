// A fake Harbor: its API for robot accounts, its token service, and a registry behind them.
import { randomBytes } from 'node:crypto'
import { createAuthority } from '../http/certificate.ts'
import { notFound } from '../http/exchange.ts'
import { Faults } from '../http/faults.ts'
import { type JournalEntry, startHttpServer } from '../http/http-server.ts'
import type { RealmTrust } from '../ibm/environment.ts'
import { createRegistryClient } from '../registry/client.ts'
import { fakeRegistry } from '../registry/fake-registry.ts'
import { type Image, MANIFEST_TYPE, pushImage } from '../registry/image.ts'
import { proxyRegistry } from '../registry/proxy.ts'
import { ISSUER, SERVICE } from '../registry/realm.ts'
import { knownSecrets } from '../secrecy/known-secrets.ts'
import { apiRoutes } from './api.ts'
import { type HarborUser, library, other, type Project, team } from './projects.ts'
import { type NewRobot, type RobotRecord, RobotStore } from './robot-store.ts'
import type { Directory } from './security.ts'
import { createTokenService } from './token-service.ts'

export interface FakeHarborOptions {
  /** https, by `certificateAuthority`. */
  readonly tls?: boolean
  /** Starts the registry behind Harbor; not given: one in this process. */
  readonly startRegistry?: (trust: RealmTrust) => Promise<{ readonly url: string } & AsyncDisposable>
}

export interface FakeHarbor extends AsyncDisposable {
  readonly url: string
  /** `host:port` */
  readonly registryHost: string
  /** PEM; undefined without TLS. */
  readonly certificateAuthority: string | undefined
  /** A system administrator. */
  readonly admin: HarborUser
  /** Administers the project `team`. */
  readonly projectAdmin: HarborUser
  /** A test may remove one. */
  readonly projects: Project[]
  /** In the private project `team`, pushed. */
  readonly image: Image
  /** In the public project `library`. */
  readonly publicImage: Image
  /** In the private project `other`. */
  readonly otherImage: Image
  readonly journal: JournalEntry[]
  readonly faults: Faults
  readonly switches: { robotPrefix: string }
  /** The user name of each login that failed. */
  readonly failedLogins: string[]
  /** Every robot account ever created, with the user name by which it logs in. */
  robots(): readonly HarborRobot[]
  /** Those that are not deleted. */
  presentRobots(): readonly HarborRobot[]
  /** Creates a foreign robot account, not through the API. */
  createRobot(robot?: Partial<NewRobot>): HarborRobot
  deleteRobot(id: string): void
  disableRobot(id: string): void
  expireRobot(id: string): void
  /** @returns the status of a pull of the manifest */
  pullsWith(username: string, password: string, image?: Image): Promise<number>
}

/** As the action names its fields. */
export interface HarborRobot extends Omit<RobotRecord, 'id'> {
  /** Harbor's own id. */
  readonly number: number
  /** The token id. */
  readonly id: string
  readonly username: string
  readonly value: string
}

const image: Image = { repository: 'team/app', tag: '1' }
const publicImage: Image = { repository: 'library/app', tag: '1' }
const otherImage: Image = { repository: 'other/app', tag: '1' }
const images = [image, publicImage, otherImage]

export async function startFakeHarbor({ tls, startRegistry }: FakeHarborOptions = {}): Promise<FakeHarbor> {
  await using cleanup = new AsyncDisposableStack()
  const journal: JournalEntry[] = []
  const faults = new Faults()
  const authority = await createAuthority('fake Harbor')
  const signer = await authority.issue({ commonName: ISSUER, algorithm: 'rsa' })
  const hosts = ['127.0.0.1', 'localhost']
  const certificate = tls ? await authority.issue({ commonName: 'localhost', hosts }) : undefined
  const certificateAuthority = tls ? authority.certificate : undefined
  const admin = { id: 1, username: 'admin', password: randomSecret(), isSystemAdmin: true, administers: [] }
  const projectAdmin = {
    id: 2,
    username: 'jo',
    password: randomSecret(),
    isSystemAdmin: false,
    administers: [team.name],
  }
  const users = [admin, projectAdmin]
  for (const { username, password } of users) knownSecrets.add(password, `password of ${username} of the fake Harbor`)
  const robots = new RobotStore()
  const projects = [library, team, other]
  const switches = { robotPrefix: 'robot$' }
  const failedLogins: string[] = []
  const directory: Directory = { users, robots, projects, switches, failedLogins }
  const tokens = createTokenService(directory, signer)

  const server = cleanup.use(
    await startHttpServer(
      async (url) => {
        const realm = `${url}/service/token`
        const trust = { realm, service: SERVICE, issuer: ISSUER, certificate: authority.certificate }
        const upstream = startRegistry && cleanup.use(await startRegistry(trust))
        const registry = upstream ? proxyRegistry(upstream.url, realm) : fakeRegistry(realm, signer.certificate, images)
        return [
          ...apiRoutes(directory),
          { server: 'realm', path: /^\/service\/token$/, handle: tokens.issue },
          { server: 'registry', path: /^\/v2\//, streams: true, handle: tokens.guard(realm, registry) },
          { server: 'harbor', path: /^/, handle: notFound },
        ]
      },
      { journal, faults, certificate },
    ),
  )
  if (startRegistry !== undefined) {
    for (const one of images) await pushImage(server.url, { ...one, ...admin }, { certificateAuthority })
  }
  // The requests of the setup are not part of the scenario.
  journal.length = 0

  const shown = (robot: RobotRecord): HarborRobot => ({
    ...robot,
    number: robot.id,
    id: `${robot.id}-${robot.name.slice(-16)}`,
    username: switches.robotPrefix + robot.name,
    value: robot.secret,
  })
  const running = cleanup.move()
  return {
    url: server.url,
    registryHost: new URL(server.url).host,
    certificateAuthority,
    admin,
    projectAdmin,
    projects,
    image,
    publicImage,
    otherImage,
    journal,
    faults,
    switches,
    failedLogins,
    robots: () => robots.all().map(shown),
    presentRobots: () => robots.present().map(shown),
    createRobot(robot) {
      const access = [{ resource: 'repository', action: 'pull' }]
      const created = robots.create({
        name: `team+foreign-${randomBytes(8).toString('hex')}`,
        description: 'foreign',
        projectId: team.id,
        duration: -1,
        permissions: [{ kind: 'project', namespace: team.name, access }],
        ...robot,
      })
      if (created === undefined) throw new Error('There is a robot account of this name')
      return shown(created)
    },
    deleteRobot: (id) => robots.delete(Number.parseInt(id, 10)),
    disableRobot: (id) => robots.disable(Number.parseInt(id, 10)),
    expireRobot: (id) => robots.expire(Number.parseInt(id, 10)),
    async pullsWith(username, password, { repository, tag } = image) {
      await using client = createRegistryClient(server.url, { username, password }, { certificateAuthority })
      const path = `/v2/${repository}/manifests/${tag}`
      return (await client.send({ path, headers: { accept: MANIFEST_TYPE } })).status
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

function randomSecret(): string {
  return `Aa1${randomBytes(24).toString('base64url')}`
}
