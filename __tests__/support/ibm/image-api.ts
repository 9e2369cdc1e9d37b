// The registry's list of images, `/api/v1/images`, in the form of bluemix-go's registryv1/images_test.go.
import { bearerToken, type FakeResponse, json, type RecordedRequest } from '../http/exchange.ts'
import type { Route } from '../http/http-server.ts'
import type { Image } from '../registry/image.ts'
import { testServiceId } from './iam.ts'
import { verifyHs256 } from './jwt.ts'
import { type Organization, testOrganization, testOrganizations } from './organizations.ts'
import type { Uaa } from './uaa.ts'

interface ImageApiOptions {
  /** The registry's host, which the images are named by. */
  readonly host: string
  readonly uaa: Uaa
  /** What IAM signs its access tokens with. */
  readonly iamSecret: Buffer
  /** Of all organizations. */
  readonly images: readonly Image[]
}

export function imageApiRoutes({ host, uaa, iamSecret, images }: ImageApiOptions): readonly Route[] {
  function organizationOf(request: RecordedRequest): Organization | undefined {
    const { organization, account } = request.headers
    if (account !== undefined) {
      const claims = verifyHs256(bearerToken(request) ?? '', iamSecret)
      // Who manages the service ID may have no role for the registry: only the service ID has one.
      const isAllowed = account === testServiceId.account && claims?.iam_id === testServiceId.iamId
      return isAllowed ? testOrganization : undefined
    }
    const session = uaa.authenticate(request)
    const found = testOrganizations.find(({ guid }) => guid === organization)
    return 'username' in session && found?.members.includes(session.username) ? found : undefined
  }

  function list(request: RecordedRequest): FakeResponse {
    const organization = organizationOf(request)
    if (organization === undefined) return json(401, { code: 'CRG0009E', message: NOT_AUTHORIZED, 'request-id': '1' })
    const own = images.filter(({ repository }) => organization.namespaces.includes(repository.split('/')[0] ?? ''))
    return json(
      200,
      own.map(({ repository, tag }) => ({
        Id: ID,
        ParentId: '',
        DigestTags: { [ID]: [`${host}/${repository}:${tag}`] },
        RepoTags: [`${host}/${repository}:${tag}`],
        RepoDigests: [`${host}/${repository}@${ID}`],
        Created: 1_531_320_068,
        Size: 2_257_318,
        VirtualSize: 2_257_318,
        Labels: {},
        Vulnerable: 'false',
      })),
    )
  }

  return [{ server: 'images', path: /^\/api\/v1\/images$/, handle: list }]
}

const ID = `sha256:${'1'.repeat(64)}`
const NOT_AUTHORIZED = 'You are not authorized to access the specified account.'
