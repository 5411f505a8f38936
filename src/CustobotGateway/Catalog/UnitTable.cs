namespace CustobotGateway.Catalog;

/// <summary>
/// The units that this gateway knows, from the Unified Code for Units of Measure (UCUM, https://ucum.org/ucum) and the names that people,
/// feeds, GS1 and UN/ECE Recommendation 20 use for them.
/// </summary>
internal static class UnitTable
{
    /// <summary>
    /// One dimension each. Two depart from UCUM on purpose: an amount of information (<c>bit</c>) and of substance (<c>mol</c>) are plain
    /// numbers there, which would let gigabytes be compared with percent. <c>B</c> is a level; its references are not told apart.
    /// </summary>
    public static readonly string[] Bases = ["m", "s", "g", "rad", "K", "C", "cd", "bit", "mol", "B", "[pH]", "[iU]"];

    /// <summary>Powers of ten, and of two for amounts of information (UCUM §27, table 1 and IEC 80000-13).</summary>
    public static readonly (string Symbol, int Base, int Exponent)[] Prefixes =
    [
        ("Ki", 2, 10), ("Mi", 2, 20), ("Gi", 2, 30), ("Ti", 2, 40), ("Pi", 2, 50), ("Ei", 2, 60), ("da", 10, 1),
        ("Y", 10, 24), ("Z", 10, 21), ("E", 10, 18), ("P", 10, 15), ("T", 10, 12), ("G", 10, 9), ("M", 10, 6), ("k", 10, 3), ("h", 10, 2),
        ("d", 10, -1), ("c", 10, -2), ("m", 10, -3), ("u", 10, -6), ("n", 10, -9), ("p", 10, -12), ("f", 10, -15), ("a", 10, -18), ("z", 10, -21), ("y", 10, -24),
    ];

    /// <summary>Atoms that take a prefix: code, number, unit. Later rows use earlier ones.</summary>
    public const string Metric = """
        Hz 1 s-1
        N 1 kg.m/s2
        Pa 1 N/m2
        J 1 N.m
        W 1 J/s
        A 1 C/s
        V 1 J/C
        F 1 C/V
        Ohm 1 V/A
        S 1 A/V
        Wb 1 V.s
        T 1 Wb/m2
        H 1 Wb/A
        sr 1 rad2
        lm 1 cd.sr
        lx 1 lm/m2
        Bq 1 s-1
        Gy 1 J/kg
        Sv 1 J/kg
        kat 1 mol/s
        By 8 bit
        Bd 1 s-1
        L 0.001 m3
        l 0.001 m3
        ar 100 m2
        t 1000 kg
        bar 100000 Pa
        B[SPL] 1 B
        eV 0.0000000000000000001602176634 J
        cal 4.184 J
        cal_th 4.184 J
        cal_IT 4.1868 J
        P 0.1 Pa.s
        St 0.0001 m2/s
        tex 0.001 g/m
        m[Hg] 133322.387415 Pa
        m[H2O] 9806.65 Pa
        G 0.0001 T
        gf 9.80665 g.m/s2
        """;

    /// <summary>Atoms without prefixes: code, number, unit.</summary>
    public const string Plain = """
        % 0.01 1
        [ppth] 0.001 1
        [ppm] 0.000001 1
        [ppb] 0.000000001 1
        [pi] 3.141592653589793238462643383 1
        min 60 s
        h 60 min
        d 24 h
        wk 7 d
        a_j 365.25 d
        a 365.25 d
        a_g 365.2425 d
        a_t 365.24219 d
        mo_j 30.4375 d
        mo 30.4375 d
        mo_g 30.436875 d
        deg 0.01745329251994329576923690768 rad
        circ 360 deg
        gon 0.9 deg
        ' 0.0166666666666666666666666667 deg
        '' 0.0002777777777777777777777778 deg
        [in_i] 0.0254 m
        [ft_i] 12 [in_i]
        [yd_i] 3 [ft_i]
        [mi_i] 5280 [ft_i]
        [nmi_i] 1852 m
        [mil_i] 0.001 [in_i]
        [hd_i] 4 [in_i]
        [kn_i] 1 [nmi_i]/h
        [sin_i] 1 [in_i]2
        [sft_i] 1 [ft_i]2
        [syd_i] 1 [yd_i]2
        [cin_i] 1 [in_i]3
        [cft_i] 1 [ft_i]3
        [cyd_i] 1 [yd_i]3
        [acr_br] 4046.8564224 m2
        [gr] 0.06479891 g
        [lb_av] 453.59237 g
        [oz_av] 28.349523125 g
        [dr_av] 1.7718451953125 g
        [stone_av] 14 [lb_av]
        [ston_av] 2000 [lb_av]
        [lton_av] 2240 [lb_av]
        [oz_tr] 31.1034768 g
        [car_m] 0.2 g
        [gal_us] 231 [cin_i]
        [qt_us] 57.75 [cin_i]
        [pt_us] 28.875 [cin_i]
        [cup_us] 14.4375 [cin_i]
        [foz_us] 1.8046875 [cin_i]
        [tbs_us] 0.90234375 [cin_i]
        [tsp_us] 0.30078125 [cin_i]
        [gal_br] 4.54609 L
        [pt_br] 0.56826125 L
        [foz_br] 0.0284130625 L
        [cup_m] 240 mL
        [tbs_m] 15 mL
        [tsp_m] 5 mL
        [bbl_us] 42 [gal_us]
        [g] 9.80665 m/s2
        [lbf_av] 1 [lb_av].[g]
        [psi] 1 [lbf_av]/[sin_i]
        atm 101325 Pa
        [in_i'Hg] 3386.388640341 Pa
        [in_i'H2O] 249.08891 Pa
        [Btu_IT] 1055.05585262 J
        [Btu] 1055.05585262 J
        [Cal] 1 kcal_th
        [HP] 550 [ft_i].[lbf_av]/s
        [mi_us] 1609.347218694 m
        [den] 0.1111111111111111111111111111 tex
        [diop] 1 m-1
        [pnt] 0.0138 [in_i]
        """;

    /// <summary>Scales with a zero of their own, on kelvin: code, kelvins per degree as a fraction, offset in that degree. Not for products of units.</summary>
    public static readonly (string Code, int Numerator, int Denominator, string Zero)[] Scales =
        [("Cel", 1, 1, "273.15"), ("[degF]", 5, 9, "459.67")];

    /// <summary>
    /// Code, then its names. Codes of UN/ECE Recommendation 20 are upper-case or hold a digit. A name goes before a UCUM reading of the same letters:
    /// <c>GB</c> is a gigabyte and not a gigabel, <c>ft</c> a foot and not a femtotonne.
    /// </summary>
    public const string Names = """
        1: C62, EA, H87, NMP, NAR, PCE, unit, units, unidad, unidades, piece, pieces, pieza, piezas, pc, pcs, each, count, item, items
        {pair}: PR, pair, pairs, par, pares
        {set}: SET, set, sets, juego, juegos
        12: DZN, DPC, dozen, docena
        {px}: px, pixel, pixels, pixel(s), píxeles, pixeles
        M{px}: MP, Mpx, megapixel, megapixels, megapixeles
        {dot}/[in_i]: dpi, DPI, dots per inch
        {px}/[in_i]: ppi, PPI, pixels per inch
        {frame}/s: fps, frames per second
        {page}/min: ppm(pages), pages per minute
        {beat}/min: bpm
        {transfer}/us: MT/s, MTps, megatransfers per second
        {transfer}/ns: GT/s, gigatransfers per second
        {thread}/[in_i]: tpi, TPI
        {cycle}: cycle, cycles
        %: P1, percent, pct, por ciento, porcentaje
        [ppm]: 59, ppm, parts per million
        [ppb]: 61, ppb
        m: MTR, metre, metres, meter, meters, metro, metros, mts
        km: KMT, kilometre, kilometres, kilometer, kilometers, kilómetro, kilómetros, kilometros
        dm: DMT, decimetre, decimeter
        cm: CMT, centimetre, centimetres, centimeter, centimeters, centímetro, centímetros, centimetros
        mm: MMT, millimetre, millimetres, millimeter, millimeters, milímetro, milímetros, milimetros
        um: 4H, micron, microns, micrometre, micrometer
        nm: C45, nanometre, nanometer, nanometers
        [in_i]: INH, in, inch, inches, in., ", ″, pulgada, pulgadas, pulg
        [ft_i]: FOT, ft, foot, feet, ft., pie, pies
        [yd_i]: YRD, yd, yard, yards, yarda, yardas
        [mi_i]: SMI, mi, mile, miles, milla, millas
        [nmi_i]: NMI, nmi, nautical mile, nautical miles
        [mil_i]: mil, thou
        m2: MTK, sqm, sq m, square metre, square metres, square meter, square meters, metro cuadrado, metros cuadrados
        cm2: CMK, square centimetre, square centimeter
        mm2: MMK, square millimetre, square millimeter
        km2: KMK
        har: HAR, ha, hectare, hectares, hectárea, hectáreas
        [sft_i]: FTK, sqft, sq ft, ft2, square foot, square feet
        [sin_i]: INK, sq in, in2, square inch, square inches
        [syd_i]: YDK, yd2, square yard, square yards
        [acr_br]: ACR, acre, acres
        m3: MTQ, cubic metre, cubic meter, cubic meters, metro cúbico, metros cúbicos
        cm3: CMQ, cc, ccm, cubic centimetre, cubic centimeter
        mm3: MMQ
        [cft_i]: FTQ, ft3, cuft, cu ft, cubic foot, cubic feet
        [cin_i]: INQ, in3, cu in, cubic inch, cubic inches
        [cyd_i]: YDQ, cubic yard
        L: LTR, l, litre, litres, liter, liters, ltr, lt, litro, litros
        mL: MLT, ml, millilitre, millilitres, milliliter, milliliters, mililitro, mililitros
        cL: CLT, cl, centilitre, centiliter
        dL: DLT, dl, decilitre, deciliter
        hL: HLT, hl, hectolitre, hectoliter
        uL: 4G, ul, microlitre, microliter
        [gal_us]: GLL, gal, gallon, gallons, galón, galones
        [gal_br]: GLI, imperial gallon, imperial gallons
        [qt_us]: QTL, qt, quart, quarts
        [pt_us]: PTL, pint, pints
        [pt_br]: PTI, imperial pint
        [foz_us]: OZA, fl oz, floz, fl. oz., fluid ounce, fluid ounces
        [foz_br]: OZI, imperial fluid ounce
        [cup_us]: G21, cup, cups, taza, tazas
        [tbs_us]: G24, tbsp, tablespoon, tablespoons
        [tsp_us]: G25, tsp, teaspoon, teaspoons
        [bbl_us]: BLL, barrel, barrels
        g: GRM, gram, grams, gramme, grammes, gr, grs, gramo, gramos
        kg: KGM, kilogram, kilograms, kilo, kilos, kgs, kilogramo, kilogramos
        mg: MGM, milligram, milligrams, miligramo, miligramos
        ug: MC, mcg, microgram, micrograms
        t: TNE, tonne, tonnes, metric ton, metric tons, tonelada, toneladas
        [lb_av]: LBR, lb, lbs, lb., pound, pounds, libra, libras
        [oz_av]: ONZ, oz, oz., ounce, ounces, onza, onzas
        [stone_av]: STI, stone, stones
        [ston_av]: STN, short ton
        [lton_av]: LTN, long ton
        [gr]: GRN, grain, grains
        [oz_tr]: APZ, ozt, troy ounce, troy ounces
        [car_m]: CTM, ct, carat, carats, quilate, quilates
        s: SEC, sec, secs, second, seconds, segundo, segundos, seg
        ms: C26, msec, millisecond, milliseconds, milisegundo, milisegundos
        us: B98, usec, microsecond, microseconds
        ns: C47, nsec, nanosecond, nanoseconds
        min: MIN, mins, minute, minutes, minuto, minutos
        h: HUR, hr, hrs, hour, hours, hora, horas
        d: DAY, day, days, día, días, dia, dias
        wk: WEE, week, weeks, semana, semanas
        mo: MON, month, months, mes, meses
        a: ANN, yr, yrs, year, years, año, años
        Hz: HTZ, hz, hertz
        kHz: KHZ, khz, kilohertz
        MHz: MHZ, mhz, megahertz
        GHz: A86, GHZ, ghz, gigahertz
        THz: D29, terahertz
        {rev}/min: RPM, rpm, r/min, rev/min, revolutions per minute, revoluciones por minuto
        {rev}/s: RPS, rps, rev/s
        W: WTT, watt, watts, w, vatio, vatios
        kW: KWT, kw, kilowatt, kilowatts, kilovatio, kilovatios
        MW: MAW, megawatt, megawatts
        mW: C31, milliwatt, milliwatts
        V.A: D46, VA, volt-ampere, volt-amperes, volt ampere
        kV.A: KVA, kVA
        V.A{reactive}: D44, var
        [HP]: HP, hp, horsepower, caballos de fuerza
        kW.h: KWH, kWh, kwh, kilowatt-hour, kilowatt hour, kilowatt hours, kilowatt-hours
        W.h: WHR, Wh, wh, watt-hour, watt hour, watt hours, watt-hours
        MW.h: MWH, MWh, megawatt-hour
        mW.h: mWh
        kW.h/a: kWh/yr, kWh/year, kWh/a, kWh/annum, kWh/año
        kW.h/h: kWh/h
        J: JOU, joule, joules
        kJ: KJO, kilojoule, kilojoules
        MJ: 3B, megajoule, megajoules
        cal_th: D70, calorie
        kcal_th: kcal, Kcal, Cal, kilocalorie, kilocalories, calories, kilocaloría, kilocalorías
        kcal_IT: E14
        [Btu_IT]: BTU, Btu, btu
        [Btu_IT]/h: 2I, BTU/h, BTU/hr, Btu/h
        V: VLT, volt, volts, v, voltio, voltios
        mV: 2Z, millivolt
        kV: KVT, kilovolt
        A: AMP, amp, amps, ampere, amperes, amperio, amperios
        mA: 4K, milliamp, milliamps, milliampere
        A.h: AMH, Ah, ampere-hour, amp hour, amp-hour
        mA.h: E09, mAh, mah, milliamp hour, milliampere-hour
        Ohm: OHM, ohm, ohms, Ω
        kOhm: B49, kohm, kΩ
        F: FAR, farad
        uF: 4O, microfarad
        dB: 2N, db, decibel, decibels, decibelio, decibelios, dBA, dB(A), db(a), dba, decibel A
        B[SPL]: bel
        Cel: CEL, °C, ºC, degC, celsius, degrees celsius, centigrade, grados celsius
        [degF]: FAH, °F, ºF, degF, fahrenheit, degrees fahrenheit
        K: KEL, kelvin, kelvins
        deg: DD, °, º, degree, degrees, grado, grados
        rad: C81, radian, radians
        Pa: PAL, pascal, pascals
        kPa: KPA, kilopascal
        MPa: MPA, megapascal
        hPa: A97, hectopascal
        bar: BAR, bars
        mbar: MBR, millibar
        [psi]: PS, psi, PSI
        atm: ATM, atmosphere
        mm[Hg]: HN, mmHg
        N: NEW, newton, newtons
        kN: B47, kilonewton
        N.m: NU, Nm, newton metre, newton meter, newton-metre, newton-meter
        [lbf_av].[ft_i]: lbf.ft, ft-lb, ft lb, ft-lbs, lb-ft
        [lbf_av].[in_i]: in-lb, in lb, in-lbs
        [lbf_av]: C78, lbf
        kgf: B37
        m/s: MTS, mps, metres per second, meters per second
        km/h: KMH, kmh, kph, KPH, kilometres per hour, kilometers per hour
        [mi_i]/h: HM, mph, MPH, miles per hour
        [kn_i]: KNT, knot, knots
        [cft_i]/min: 2L, CFM, cfm, ft3/min, cubic feet per minute
        m3/h: MQH, m³/h, cubic metres per hour, cubic meters per hour
        L/min: L2, l/min, lpm, LPM, litres per minute, liters per minute
        L/h: E32, l/h, lph
        [gal_us]/min: G2, gpm, GPM
        lm: LUM, lumen, lumens
        lx: LUX, lux
        cd: CDL, candela
        cd/m2: A24, nit, nits
        lm/W: B61, lumens per watt
        g/m2: GM, gsm, GSM
        kg/m2: 28
        kg/m3: KMQ
        g/cm3: 23
        g/L: GL
        mg/L: M1
        g/(100.g): g/100g, g/100 g
        kJ/(100.g): kJ/100g, kJ/100 g
        kcal_th/(100.g): kcal/100g, kcal/100 g
        g/km: gCO2/km
        L/(100.km): l/100km, L/100km, l/100 km, L/100 km
        [mi_i]/[gal_us]: mpg, MPG, miles per gallon
        W/m2: D54
        Pa.s: C65
        mPa.s: C24, cP
        mol: C34, mole, moles
        [den]: denier, DEN, A49
        tex: D34
        dtex: A47
        [diop]: Q25, dpt, diopter, dioptre, dioptres
        [pH]: Q30, pH
        bit: A99, bits
        kbit: C37, kilobit, kilobits
        Mbit: D36, Mb, megabit, megabits
        Gbit: B68, Gb, gigabit, gigabits
        By: AD, byte, bytes, octet, octets
        kBy: 2P, kB, KB, kilobyte, kilobytes
        MBy: 4L, MB, megabyte, megabytes
        GBy: E34, GB, gb, gigabyte, gigabytes, gigas
        TBy: E35, TB, tb, terabyte, terabytes
        PBy: E36, PB, petabyte, petabytes
        KiBy: E64, KiB, kibibyte, kibibytes
        MiBy: E63, MiB, mebibyte, mebibytes
        GiBy: E62, GiB, gibibyte, gibibytes
        TiBy: E61, TiB, tebibyte, tebibytes
        kbit/s: C74, kbps, Kbps, kb/s
        Mbit/s: E20, Mbps, mbps, Mb/s
        Gbit/s: B80, Gbps, gbps, Gb/s
        bit/s: B10, bps
        kBy/s: KB/s, kB/s
        MBy/s: P95, MB/s, MBps
        GBy/s: E68, GB/s, GBps
        [iU]: NIU, IU, international unit, international units
        """;
}
