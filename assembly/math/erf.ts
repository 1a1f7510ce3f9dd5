/**
 * The error function of every lane.
 */
import { madd, select, splat } from '../simd'
import { exponential2, expTail, remainder, shiftedLog2, unshift } from './exp'

/** c(z), erf x ≈ x + x·c(x²) */
// @ts-ignore: decorator
@inline
function erfNear0<T extends number>(z: v128): v128 {
  const z2 = v128.mul<T>(z, z)
  if (sizeof<T>() == 4) {
    const c0 = madd<T>(z, splat<T>(-0.376125335693359375), splat<T>(0.12837915122509002685546875))
    const c2 = madd<T>(z, splat<T>(-2.6787780225276947021484375e-2), splat<T>(0.112823314964771270751953125))
    const c4 = madd<T>(z, splat<T>(-6.180635537020862102508544921875e-4), splat<T>(5.0273952074348926544189453125e-3))
    return madd<T>(z2, madd<T>(z2, c4, c2), c0)
  }
  const z4 = v128.mul<T>(z2, z2)
  const c0 = madd<T>(z, splat<T>(-0.37612638903183459593), splat<T>(0.1283791670955125585606992899556644260883331298828))
  const c2 = madd<T>(z, splat<T>(-2.6866170642933267370677796748168475460261106491089e-2), splat<T>(0.112837916709426680506034301743056857958436012268066))
  const c4 = madd<T>(z, splat<T>(-8.54832588244730951637651017449170645112544298172e-4), splat<T>(5.2239776049508215155503521032187563832849264144897e-3))
  const c6 = madd<T>(z, splat<T>(-1.49246917766015410302055457791858827931719133630395e-5), splat<T>(1.205529236641669961222628204566831300326157361269e-4))
  const c8 = madd<T>(z, splat<T>(-1.6204733000644745705013174963404765094310278072953e-7), splat<T>(1.644690437186005724595435663337728016131222830154e-6))
  const c10 = madd<T>(z, splat<T>(-7.7686316030097013911536205920684537706843997284523e-10), splat<T>(1.37047058123686594677261314377710033074464490709943e-8))
  return madd<T>(z4, madd<T>(z4, madd<T>(z2, c10, c8), madd<T>(z2, c6, c4)), madd<T>(z2, c2, c0))
}

/** P(a) ≈ ln(1 − erf a) */
// @ts-ignore: decorator
@inline
function logErfc<T extends number>(a: v128): v128 {
  const a2 = v128.mul<T>(a, a)
  if (sizeof<T>() == 4) {
    const c0 = madd<T>(a, splat<T>(-1.12788927555084228515625), splat<T>(-1.44235367770306766033172607421875e-4))
    const c2 = madd<T>(a, splat<T>(-0.104250013828277587890625), splat<T>(-0.636820852756500244140625))
    const c4 = madd<T>(a, splat<T>(-3.081972710788249969482421875e-3), splat<T>(2.23809368908405303955078125e-2))
    return madd<T>(a2, madd<T>(a2, madd<T>(a2, splat<T>(1.9989910651929676532745361328125e-4), c4), c2), c0)
  }
  const a4 = v128.mul<T>(a2, a2)
  const c0 = madd<T>(a, splat<T>(-1.128373992011383553091263820533640682697296143), splat<T>(-5.13211143850686721254515491874581556430712226e-7))
  const c2 = madd<T>(a, splat<T>(-0.1027022937045077854989472143643070012331008911), splat<T>(-0.636644053719513491884640643547754734754562378))
  const c4 = madd<T>(a, splat<T>(4.13525688369311078887435861872745590517297387e-4), splat<T>(1.89880496583126126552976131733885267749428749e-2))
  const c6 = madd<T>(a, splat<T>(7.73033261081658689545248464014548517297953367e-4), splat<T>(-1.918933868653847907292941954437992535531520844e-3))
  const c8 = madd<T>(a, splat<T>(-1.952711474471191923155122260880034446017816663e-5), splat<T>(-1.365477696060263875389023668915911002841312438e-4))
  const c10 = madd<T>(a, splat<T>(-8.57932458816441164024813037514149982598610222e-6), splat<T>(2.253459767448316540669125962459428133221333846e-5))
  const c12 = madd<T>(a, splat<T>(-3.69589610336027529923397412503494052771202405e-7), splat<T>(2.114931744114595325352177687672217132330843015e-6))
  const c14 = madd<T>(a, splat<T>(-3.89031134466602301003371032093666737061710137e-9), splat<T>(4.593644704294048952317357031004119161110565983e-8))
  const c16 = madd<T>(a, splat<T>(-4.86554601213208529361041847053751571283014554e-12), splat<T>(2.020511918218348403659549887285829115642268647e-10))
  const high = madd<T>(a4, madd<T>(a4, c16, madd<T>(a2, c14, c12)), madd<T>(a2, c10, c8))
  return madd<T>(a4, madd<T>(a4, high, madd<T>(a2, c6, c4)), madd<T>(a2, c2, c0))
}

/** erf x */
// @ts-ignore: decorator
@inline
export function erf<T extends number>(x: v128): v128 {
  const bias: f64 = sizeof<T>() == 4 ? 127 : 1023
  const near: f64 = sizeof<T>() == 4 ? 0.875 : 1
  const far: f64 = sizeof<T>() == 4 ? 4 : 5.9375
  const a = v128.abs<T>(x)
  const near0 = madd<T>(x, erfNear0<T>(v128.mul<T>(x, x)), x)
  const P = logErfc<T>(v128.pmin<T>(a, splat<T>(far)))
  const shifted = shiftedLog2<T>(P, bias)
  const r = remainder<T>(P, unshift<T>(shifted, bias))
  const s = exponential2<T>(shifted)
  const y = v128.sub<T>(v128.sub<T>(splat<T>(1), s), v128.mul<T>(s, v128.add<T>(r, expTail<T>(r))))
  return select(near0, v128.or(y, v128.and(x, splat<T>(-0.0))), v128.lt<T>(a, splat<T>(near)))
}
