/** In the place of `react-element-to-jsx-string`: nobody tests React here. */
export default () => '<React element>'
