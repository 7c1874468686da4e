/** What the build makes of lesson-cells.mts. */
declare module 'virtual:lesson-cells' {
  const cells: Map<string, import('./compiled-cell').CompiledCell>
  export default cells
}
