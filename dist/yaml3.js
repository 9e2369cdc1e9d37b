export { r as parseYaml } from "./yaml2.js";
