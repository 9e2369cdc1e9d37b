import "./http.js";
export {};
