/** In the place of `jackspeak`, which reads the arguments of a command: there is none. */
export const isConfigOption = () => true
