/** Builds the page: run.cjs runs this before the test files that look at it. */
import { builtNotebook } from '../../src/cli/build-notebook'

void builtNotebook()
