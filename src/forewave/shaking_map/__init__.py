"""The shaking map of an earthquake: the forecast conditioned on observed motion, on a grid."""
