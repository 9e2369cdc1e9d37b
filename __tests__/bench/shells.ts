// What a user would write instead of a step, for each provider: shell with curl and kubectl. The commands of IBM's CLI are
// replaced by the requests that they send, so the start of the CLI is not counted.

/** After IBM's document: log in, look up the organization, mint; https://github.com/ibm-cloud-docs/containers, `cs_dedicated_tokens.md`. */
const DEDICATED = `
  login=$(curl --fail --silent --show-error "$API/v2/info" | jq --raw-output .authorization_endpoint)
  bearer=$(curl --fail --silent --show-error --user cf: --data grant_type=password \\
    --data-urlencode "username=$LOGIN" --data-urlencode "password=$PASSWORD" "$login/oauth/token" | jq --raw-output .access_token)
  organization=$(curl --fail --silent --show-error --get --header "Authorization: Bearer $bearer" \\
    --data-urlencode "q=name:$ORGANIZATION" "$API/v2/organizations" | jq --raw-output '.resources[0].metadata.guid')
  username=token
  password=$(curl --fail --silent --show-error --request POST --header "Authorization: Bearer $bearer" \\
    --header "Organization: $organization" "$REGISTRY/api/v1/tokens?permanent=true" | jq --raw-output .token)
`

/** An API key of a service ID: https://cloud.ibm.com/apidocs/iam-identity-token-api#create-api-key */
const IBMCLOUD = `
  bearer=$(curl --fail --silent --show-error --data grant_type=urn:ibm:params:oauth:grant-type:apikey \\
    --data-urlencode "apikey=$API_KEY" "$IAM/identity/token" | jq --raw-output .access_token)
  username=iamapikey
  body='{"name":"ci","iam_id":"'$IAM_ID'","account_id":"'$ACCOUNT'"}'
  password=$(curl --fail --silent --show-error --header "Authorization: Bearer $bearer" \\
    --header 'Content-Type: application/json' --data "$body" "$IAM/v1/apikeys" | jq --raw-output .apikey)
`

/** A robot account of a project: https://goharbor.io/docs/2.12.0/administration/robot-accounts/ */
const HARBOR = `
  body='{"name":"ci-'$RANDOM$RANDOM'","description":"","duration":-1,"level":"project","permissions":[
    {"kind":"project","namespace":"team","access":[{"resource":"repository","action":"pull"}]}]}'
  robot=$(curl --fail --silent --show-error --user "$LOGIN:$PASSWORD" \\
    --header 'Content-Type: application/json' --data "$body" "$REGISTRY/api/v2.0/robots")
  username=$(jq --raw-output .name <<< "$robot")
  password=$(jq --raw-output .secret <<< "$robot")
`

const STATIC = `
  username=token
  password=$PASSWORD
`

const CREATE = `
  "$KUBECTL" create secret docker-registry "$NAME" --namespace="$NAMESPACE" --docker-server="$SERVER" \\
    --docker-username="$username" --docker-password="$password" --docker-email=a@b.c
`

const CREATE_FROM_CONFIG = `
  "$KUBECTL" create secret generic "$NAME" --namespace="$NAMESPACE" --type=kubernetes.io/dockerconfigjson \\
    --from-file=.dockerconfigjson="$DOCKER_CONFIG_FILE"
`

const script = (...parts: readonly string[]) =>
  ['set -euo pipefail', ...parts, '"$KUBECTL" apply --namespace="$NAMESPACE" --filename="$POD"'].join('\n')

export const SHELLS = {
  dedicated: script(DEDICATED, CREATE),
  ibmcloud: script(IBMCLOUD, CREATE),
  harbor: script(HARBOR, CREATE),
  static: script(STATIC, CREATE),
  'docker-config': script(CREATE_FROM_CONFIG),
} as const
