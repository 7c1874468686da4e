/**
 * The log of an application for readers on other machines: `logHandler` and `serveLog` give it, `remoteLog` reads it, in
 * browsers as well.
 */
export { type LogHandler, type LogHandlerOptions, logHandler } from './http/log-handler'
export { type RemoteLogOptions, remoteLog } from './http/remote-log'
export { type ServedLog, type ServeOptions, serveLog } from './http/serve-log'
