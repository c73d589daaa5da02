/**
 * Version of the table below and of the model that reads it. Both were frozen before any threshold was fitted; a change is a new
 * version.
 */
export const PHYSICS_VERSION = 'doorway-physics/1'

/**
 * What the air, bodies, goods, tags and antennas of a simulated doorway do; levels in dB and dBm, lengths in metres, times in ms.
 * Every figure has its source beside it; none may be moved to please an algorithm (`physics.test.ts` holds a digest).
 * Most works were seen as titles and abstracts: the figures are the usual ranges they stand for, not quotations. Those marked with a
 * tilde are recalled and were not found again; their clause and table numbers want checking before anyone relies on them.
 */
export const PHYSICS = {
  // --- band: China 920-925 MHz, 16 usable channels of 250 kHz, at most 2 s on one [~MIIT 2007 No. 205; hopping as in the shared facts,
  // section 5]
  firstChannelMhz: 920.625,
  channelStepMhz: 0.25,
  channels: 16,
  channelMs: 2000,
  lightMPerUs: 299.792458,

  // --- backscatter link: forward and return path loss, tag gain, polarisation, modulation
  // [Griffin, Durgin, Complete Link Budgets for Backscatter-Radio and RFID Systems, IEEE Antennas Propag. Mag. 51(2), 2009]
  tagGainDbi: 2.1,
  // circular reader antenna on a linear tag
  polarisationDb: 3,
  // [Nikitin, Rao, Theory and Measurement of Backscattering from RFID Tags, IEEE Antennas Propag. Mag. 48(6), 2006]
  modulationDb: [6, 10],
  // [Kuester, Novotny, Guerrieri, Popovic, Testing Passive UHF Tag Performance Evolution, IEEE RFID-TA 2011]; labels of the last ten years
  tagSensitivityDbm: [-21, -17.5],
  // Spread between tags of one kind, cables and ports: [Nikitin, Rao, Effect of Gen2 Protocol Parameters on RFID Tag Performance, IEEE
  // RFID 2009]
  tagSpreadDb: 1.5,
  cableSpreadDb: 1.2,
  // A dipole's null is never complete on a label that is bent and stuck on goods [~Dobkin, The RF in RFID, 2nd ed. 2012, ch. 7]
  tagNullAmplitude: 0.15,

  // --- reader antenna: parabolic main lobe and a floor [~3GPP TR 36.814, table A.2.1.1-2; 65-70 degree, 18-20 dB as on patch data sheets]
  readerGainDbi: 7.5,
  beamwidthDeg: 68,
  frontToBackDb: 19,

  // --- waves: image rays plus a diffuse rest [Dimitriou, Siachalou, Bletsas, Sahalos, A Site-Specific Stochastic Propagation Model for
  // Passive UHF RFID, IEEE AWPL 13, 2014; Muehlmann, Manzi, Wiednig, Buchmann, Modeling and Performance Characterization of UHF RFID
  // Portal Applications, IEEE Trans. MTT 57(7), 2009] Reflected amplitudes at slanting incidence from the permittivities of [ITU-R
  // P.2040-2, table 3]
  reflection: { concrete: 0.42, brick: 0.36, plaster: 0.25, tile: 0.4, wood: 0.22, steel: 0.9, glass: 0.4, cloth: 0.04, none: 0 },
  // Loss through it [ITU-R P.2040-2; ITU-R P.1238-11, section 7]; what bends round the edge caps steel [~ITU-R P.526-15, section 4]
  transmissionDb: { concrete: 18, brick: 8, plaster: 3.5, tile: 9, wood: 3, steel: 24, glass: 3, cloth: 0.3, none: 0 },
  // Half of a Fresnel zone at a metre: how softly an edge cuts [~ITU-R P.526-15, section 2]
  edgeM: 0.22,
  // Power of the direct ray over the diffuse rest, short links indoors with patches: 4-10 dB
  // [~Kim, Ingram, Smith, Measurements of Small-Scale Fading and Path Loss for Long Range RF Tags, IEEE Trans. AP 51(8), 2003]
  riceDb: { open: 10, room: 7, crowded: 4.5 },
  diffuseWaves: 5,
  // Distance exponents indoors at 900 MHz, from open halls to full rooms [ITU-R P.1238-11, table 2: N 20-33]
  exponent: { open: 2, room: 2.2, crowded: 2.6 },

  // --- bodies: [Arumugam, Engels et al., Impact of Human Presence on the Read Zones of Passive UHF RFID Systems, IJRFITA 2(1), 2009];
  // 5-25 dB at 900 MHz as between chest and back of on-body links [~Grosinger, Fischer, EURASIP RFID 2012]
  bodyDb: [8, 22],
  bodyRadiusM: [0.24, 0.34],
  bodyHeightM: 1.75,
  // Scattering cross-section of a standing person near 1 GHz [~Skolnik, Radar Handbook, 3rd ed. 2008, ch. 14: 0.3-1 m2]
  bodySectionM2: [0.3, 0.9],
  swayM: 0.012,
  swayMs: 2300,

  // --- goods: detuning of the label by what it is stuck on, one way; loss through what lies round it in a box
  // [Griffin, Durgin, Haldi, Kippelen, RF Tag Antenna Performance on Various Materials Using Radio Link Budgets, IEEE AWPL 5, 2006;
  // ~Dobkin, Weigand, Environmental Effects on RFID Tag Antennas, IEEE MTT-S 2005]
  detuneDb: { dry: [0, 2], liquid: [5, 13], metal: [5, 11] },
  throughDbPerM: { dry: [1, 4], liquid: [25, 60], metal: [20, 45] },
  throughDbMax: 25,
  cartSectionM2: 1.2,

  // --- Gen2 [GS1 EPC UHF Gen2 Air Interface Protocol 2.0.1, 6.3.1.6 link timing, 6.3.2.10 Q, table 6-20 persistence]; durations of slots
  // as found by [Buettner, Wetherall, An Empirical Study of UHF RFID Performance, MobiCom 2008] for FM0, Miller 4 and Miller 8
  slotMs: {
    fm0: { query: 0.7, empty: 0.15, collision: 0.45, single: 1.6 },
    miller4: { query: 1.2, empty: 0.3, collision: 0.9, single: 3.2 },
    miller8: { query: 1.8, empty: 0.45, collision: 1.6, single: 6 },
  },
  qStart: 4,
  qStep: 0.3,
  s1PersistenceMs: [500, 5000],
  // The stronger of two colliding replies is read now and then [Fyhn et al., Multipacket Reception of Passive UHF RFID Tags, IEEE TSP
  // 59(9), 2011]
  captureDb: 6,
  captureShare: 0.5,
  // Replies lost whatever their level [Buettner, Wetherall 2008: 3-8 % at short range]
  lostShare: 0.06,
  // Two readers on the same tag at once, no synchronisation [~Leong, Ng, Cole, The Reader Collision Problem in RFID Systems, MAPE 2005]
  readerClashShare: 0.2,

  // --- what a reader tells
  // Reception fails softly about its sensitivity, dB from 50 % to 73 %
  sensitivityKneeDb: 1,
  levelNoiseDb: 0.6,
  // Phase turns 4 pi d / lambda, told modulo pi [~Impinj, Speedway Revolution Reader Application Note: Low Level User Data Support, 2013:
  // about 0.1 rad]
  phaseNoiseRad: 0.1,
} as const
