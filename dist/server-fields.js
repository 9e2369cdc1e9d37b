export { n as withoutServerState } from "./workload.js";
