/*
 * Saves a network of FANN, and prints what it answers, for the samples that it reads:
 *
 *     fann FILE STEEPNESS FUNCTION FUNCTION FUNCTION
 *
 * With FANN_DOUBLE, in f64. FUNCTION is a number of fann_activationfunc_enum.
 */
#include <stdio.h>
#include <stdlib.h>
#ifdef FANN_DOUBLE
#include <doublefann.h>
#define READ "%lf"
#else
#include <floatfann.h>
#define READ "%f"
#endif

int main(int argc, char **argv) {
  if (argc != 6) return 1;
  struct fann *ann = fann_create_standard(4, INPUTS, HIDDEN, OUTPUTS);
  srand(1);
  fann_randomize_weights(ann, -1, 1);
  for (int l = 1; l <= 3; ++l) {
    fann_set_activation_function_layer(ann, (enum fann_activationfunc_enum)atoi(argv[l + 2]), l);
    fann_set_activation_steepness_layer(ann, (fann_type)(atof(argv[2]) / l), l);
  }
  if (fann_save(ann, argv[1]) != 0) return 1;
  fann_type x[INPUTS];
  for (;;) {
    for (int k = 0; k < INPUTS; ++k) if (scanf(READ, x + k) != 1) return 0;
    fann_type *y = fann_run(ann, x);
    for (int j = 0; j < OUTPUTS; ++j) printf("%.17g\n", (double)y[j]);
  }
}
