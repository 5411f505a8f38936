namespace CustobotGateway.Catalog.Demo;

/// <summary>
/// What the demo shop sells: invented brands and products of our own words. A category is a line
/// <c>category | department | noun | noun in Spanish | lowest price | highest price | groups</c>, in whole dollars, and then a line for each attribute,
/// as a group is:
/// <list type="bullet">
/// <item><c>key = a; b; c</c> one of these; of a set one to three of these</item>
/// <item><c>key = 10..50/5</c> a number from 10 to 50 in steps of 5; of a date, days after the demo's first day</item>
/// <item><c>key = 30%</c> true for 30 of 100</item>
/// <item><c>key ?60 = …</c> filled for 60 of 100 only</item>
/// </list>
/// </summary>
internal static class DemoTable
{
    /// <summary>Attributes that many categories share, by group. <c>all</c> holds for every category.</summary>
    public const string Groups = """
        [all]
        tags ?70 = new season; staff pick; best seller; bulk offer; clearance; local
        tax_rate = 16
        tax_included = 60%
        payment_methods = card; bank_transfer; invoice; wallet; purchase_order
        payment_terms ?50 = prepaid; net7; net15; net30; net60
        negotiable = 40%
        seller = Custobot Demo; Casa Robledo; Norte Mayoreo; Taller Azul
        seller_rating = 3.5..5/0.1
        rating ?85 = 2.5..5/0.1
        review_count ?85 = 1..900/1
        units_sold ?80 = 0..400/1
        awards ?25 = editor's choice; test winner; value prize
        support_channels = phone; email; chat; on_site; agent_api
        support_languages = en; es; de; fr; pt
        certifications ?70 = CE; NOM; FCC; UL; ISO_9001; RoHS
        [goods]
        condition = new; new; new; new; refurbished; used; open_box
        model_year ?80 = 2022..2026/1
        release_date ?70 = -1200..-10/1
        color = Black; White; Silver; Gray; Red; Blue; Green; Beige
        colors ?80 = Black; White; Silver; Gray; Red; Blue; Green; Orange
        country_of_origin = MX; US; CN; DE; JP; KR; TW; VN; IT; ES
        intended_use ?75 = home; office; industrial; gaming; outdoor; travel; education
        units_per_pack ?60 = 1; 1; 1; 2; 4; 6; 12
        order_increment ?50 = 1; 1; 2; 5; 10
        subscription_available ?60 = 20%
        incoterm ?40 = DAP; DDP; EXW; FCA; FOB
        shipping_cost ?85 = 500..9000/100
        free_shipping = 35%
        ships_from = MX; US; CN; ES
        ships_to ?80 = MX; US; GT; CO; ES; CL; PE
        lead_time = 0..10/1
        delivery_time = 1..21/1
        express_delivery = 30%
        pickup_available = 45%
        shipping_methods = parcel; freight; courier; letter
        available_from ?40 = -300..60/1
        restock_date ?35 = 5..90/1
        package_length ?75 = 120..1800/10
        package_width ?75 = 80..900/10
        package_height ?75 = 30..900/10
        materials ?80 = steel; aluminium; plastic; wood; glass; cotton; polyester; rubber; paper; ceramic
        surface_finish ?50 = matte; glossy; brushed; lacquered; powder_coated; natural
        recycled_content ?60 = 0..100/5
        packaging_materials ?70 = cardboard; paper; plastic_film; PET; none
        co2e ?70 = 0.2..240/0.1
        recyclable ?70 = 65%
        biodegradable ?45 = 15%
        expected_lifetime ?55 = 1..20/1
        digital_product_passport ?50 = 30%
        hs_code ?60 = 847130; 847160; 940130; 850810; 610910; 090121; 330499; 401110; 871200; 950300
        unspsc ?50 = 43211503; 56101504; 52141703; 53103001; 50201706; 53131613; 27112700; 25172504
        hazard_class ?40 = none; none; none; UN3481; UN1950
        export_controlled ?30 = 3%
        return_window = 7; 14; 30; 60; 90
        return_policy = free_return; buyer_pays; restocking_fee; exchange_only; no_return
        restocking_fee ?40 = 5; 10; 15; 20
        return_rate ?60 = 0.5..14/0.5
        requires ?35 = tools; batteries; account; wall fixing
        included_items ?60 = cable; manual; charger; carrying case; spare part; tool
        warranty_type ?70 = carry_in; on_site; swap; pick_up
        repair_service ?60 = 50%
        [consumed]
        condition = new
        intended_use ?75 = home; office; travel
        hazard_class ?40 = none
        materials ?0 = plastic
        surface_finish ?0 = matte
        color ?0 = White
        colors ?0 = White
        model_year ?0 = 2026
        recycled_content ?0 = 0
        expected_lifetime ?0 = 1
        requires ?0 = account
        included_items ?0 = manual
        repair_service ?0 = 0%
        export_controlled ?0 = 0%
        warranty_type ?0 = swap
        [soft]
        materials = cotton; polyester; wool; leather; rubber
        surface_finish ?0 = matte
        requires ?0 = account
        included_items ?40 = spare part; carrying case
        [tiny]
        length = 40..160/5
        width = 20..90/5
        height = 5..70/5
        depth ?60 = 10..90/5
        weight = 20..400/5
        package_length ?75 = 60..260/10
        package_width ?75 = 50..180/10
        package_height ?75 = 20..120/10
        [small]
        length = 150..480/5
        width = 80..360/5
        height = 10..260/5
        depth ?60 = 40..360/5
        weight = 150..4800/10
        [sized]
        length ?80 = 60..1800/5
        width ?80 = 40..900/5
        height ?80 = 10..1900/5
        depth ?60 = 10..900/5
        weight = 50..60000/10
        [electric]
        power ?85 = 5..2400/5
        standby_power ?60 = 0.1..3/0.1
        voltage ?80 = 5; 12; 24; 110; 127; 220
        noise_level ?70 = 18..82/1
        repairability_index ?70 = 1..10/0.1
        spare_parts_period ?60 = 1..12/1
        ip_rating ?50 = IP20; IP44; IP54; IP65; IP67; IP68
        compatible_with ?50 = USB-C charging; NEMA 5-15 outlet; Type F outlet; universal remote
        """;

    /// <summary>The categories.</summary>
    public const string Categories = """
        laptop | computing | laptop | laptop | 320 | 2900 | small goods electric
        power = 45..240/5
        noise_level ?70 = 18..48/1
        voltage = 20
        processor_model = Korda K5; Korda K7; Korda K9; Helio H6; Helio H8
        core_count = 4; 6; 8; 12; 16
        core_clock = 1400..3200/100
        boost_clock = 3200..5400/100
        memory_capacity = 8; 16; 32; 64
        memory_type = DDR4; DDR5; LPDDR5
        memory_slots ?60 = 0; 1; 2
        storage_capacity = 256; 512; 1000; 2000
        storage_type = SSD; SSD; SSD; HDD
        gpu_chipset ?40 = Prisma 40; Prisma 60; Prisma 80
        video_memory ?40 = 4; 6; 8; 12
        screen_size = 13.3; 14; 15.6; 16; 17.3
        width_px @ = 1920; 1920; 2560; 2880; 3840
        height_px @ = 1080; 1200; 1440; 1800; 2160
        refresh_rate = 60; 90; 120; 144; 165
        panel_type = IPS; OLED; TN; VA
        brightness = 250..600/10
        touchscreen = 30%
        battery_energy = 38..99/1
        battery_life = 4..22/0.5
        battery_replaceable = 45%
        keyboard_layout = en-US; es-MX; es-ES; de-DE
        wifi_standard = Wi-Fi 5; Wi-Fi 6; Wi-Fi 6E; Wi-Fi 7
        operating_systems = Windows; Linux; ChromeOS
        ports = usb_a; usb_c; hdmi; ethernet; thunderbolt; audio_jack; sd_card
        connectivity = bluetooth; wifi; lte; 5g; nfc
        software_support_until = 400..2200/10
        monitor | computing | monitor | monitor | 90 | 1400 | goods sized electric
        power = 15..120/5
        noise_level ?0 = 20
        height = 350..700/5
        width = 480..1000/5
        depth = 40..280/5
        weight = 2500..14000/100
        screen_size = 22; 24; 27; 32; 34; 43
        width_px @ = 1920; 2560; 3840; 1920; 3440; 2560
        height_px @ = 1080; 1440; 2160; 1200; 1440; 1080
        refresh_rate = 60; 75; 100; 144; 165; 240
        response_time = 0.5..8/0.5
        panel_type = IPS; VA; TN; OLED; Mini LED
        aspect_ratio @ = 16:9; 16:9; 16:9; 16:10; 21:9; 21:9
        brightness = 200..1000/50
        contrast_ratio = 1000; 1300; 3000; 4000
        adaptive_sync ?70 = FreeSync; G-Sync; VESA
        curved = 25%
        vesa_mount ?80 = 75x75; 100x100; 200x200
        energy_class = B; C; D; E; F; G
        energy_consumption = 10..60/1
        ports = usb_a; usb_c; hdmi; displayport; audio_jack
        keyboard | computing | keyboard | teclado | 12 | 260 | small goods
        keyboard_style = Gaming; Standard; Mini; Slim; Ergonomic
        switch_type ?70 = Korda Red; Korda Brown; Korda Blue; membrane
        backlight ?60 = RGB; White; Blue; Red
        tenkeyless = 40%
        connection_types = Wired; Wireless; Bluetooth Wireless
        keyboard_layout = en-US; es-MX; es-ES; de-DE
        battery_life ?50 = 20..400/10
        operating_systems = Windows; OS X; Linux; Android; iOS
        mouse | computing | mouse | ratón | 8 | 180 | tiny goods
        tracking_method = Optical; Laser; Trackball
        connection_types = Wired; Wireless; Bluetooth Wireless
        max_dpi = 800..26000/200
        hand_orientation = Right; Left; Both
        battery_life ?50 = 10..300/10
        battery_replaceable = 55%
        operating_systems = Windows; OS X; Linux; Android
        headphones | computing | headphones | audífonos | 15 | 480 | small goods
        headphone_type = Circumaural; Supra-aural; In Ear; Earbud
        enclosure_type = Closed; Open; Semi-open
        microphone = 70%
        wireless = 60%
        noise_cancelling = 40%
        frequency_response_low = 5..60/5
        frequency_response_high = 16000..40000/1000
        battery_life ?60 = 4..80/1
        battery_replaceable = 25%
        connectivity ?60 = bluetooth; nfc
        router | computing | wireless router | enrutador inalámbrico | 25 | 420 | small goods electric
        power = 5..30/1
        noise_level ?0 = 20
        voltage = 12
        wifi_standard = Wi-Fi 5; Wi-Fi 6; Wi-Fi 6E; Wi-Fi 7
        data_rate = 300; 1200; 2400; 5400; 11000
        ports = usb_a; ethernet
        connectivity = wifi; lte; 5g; zigbee; matter
        software_support_until = 200..1800/10
        webcam | computing | webcam | cámara web | 18 | 240 | tiny goods
        video_resolutions = 480p; 720p; 1080p; 2k; 4k
        focus_type = Auto; Fixed; Manual
        field_of_view = 60..120/5
        interface = USB 2.0 Type-A; USB 3.2 Gen 1 Type-C
        operating_systems = Windows; OS X; Linux; ChromeOS
        printer | office | printer | impresora | 70 | 900 | goods sized electric
        power = 10..600/10
        noise_level ?70 = 40..60/1
        voltage = 110; 127; 220
        weight = 3000..32000/100
        print_technology = laser; inkjet; ink_tank; thermal
        print_speed = 8..60/1
        duplex_printing = 55%
        paper_size = A4; A3; Letter; Legal
        ports = usb_a; usb_c; ethernet
        connectivity = wifi; bluetooth; nfc
        operating_systems = Windows; OS X; Linux; Android
        software_support_until = 200..1800/10
        printer-paper | office | printer paper | papel para impresora | 4 | 60 | small goods
        paper_size = A4; A3; A5; Letter; Legal
        grammage = 70; 75; 80; 90; 100; 120; 160
        sheet_count = 100; 250; 500; 2500
        whiteness = 140..171/1
        accessory_for = printer
        toner-cartridge | office | toner cartridge | cartucho de tóner | 20 | 260 | small goods
        cartridge_color = black; cyan; magenta; yellow
        page_yield = 1000..18000/100
        accessory_for = printer
        compatible_with = Orbis L100; Orbis L200; Orbis L300; Tinta T10; Tinta T20
        pen | office | pen | pluma | 1 | 40 | tiny goods
        line_width = 0.3; 0.4; 0.5; 0.7; 1
        ink_type = ballpoint; gel; fountain; fineliner
        thickness ?60 = 7..14/0.5
        notebook | office | notebook | cuaderno | 2 | 45 | small goods
        ruling = lined; squared; dotted; blank
        sheet_count = 50; 80; 100; 192
        paper_size = A4; A5; Letter
        grammage = 60; 70; 80; 90; 100
        office-chair | furniture | office chair | silla de oficina | 60 | 1100 | goods sized
        weight = 8000..28000/100
        seat_height_min = 380..460/10
        seat_height_max = 480..620/10
        max_load = 90..180/10
        armrests = none; fixed; adjustable
        lumbar_support = 60%
        headrest = 45%
        height_adjustable = 90%
        upholstery = mesh; fabric; leather; faux_leather
        assembly_required = 80%
        assembly_time = 10..60/5
        desk | furniture | desk | escritorio | 80 | 1300 | goods sized
        weight = 15000..70000/500
        height_adjustable = 50%
        lifting_motors ?50 = 1; 2; 3; 4
        max_load = 40..200/10
        assembly_required = 90%
        assembly_time = 20..120/10
        thickness = 18..40/1
        shelf | furniture | shelf | estante | 25 | 480 | goods sized
        weight = 4000..60000/500
        shelf_count = 2..8/1
        load_per_shelf = 5..120/5
        max_load = 20..600/20
        assembly_required = 85%
        assembly_time = 10..90/10
        refrigerator | appliances | refrigerator | refrigerador | 220 | 2600 | goods sized electric
        power = 60..250/10
        noise_level = 30..44/1
        voltage = 127; 220
        weight = 20000..130000/500
        height = 800..1900/10
        usable_volume = 80..650/10
        freezer_volume = 10..220/10
        defrost_type = no_frost; automatic; manual
        installation_type = freestanding; built_in; undercounter
        energy_class = A; B; C; D; E; F
        energy_consumption = 70..420/10
        smart_home ?40 = voice assistant; mobile app; matter hub
        washing-machine | appliances | washing machine | lavadora | 240 | 1800 | goods sized electric
        power = 500..2400/50
        noise_level = 48..78/1
        voltage = 127; 220
        weight = 30000..90000/500
        height = 820..1100/10
        load_weight = 5..20/0.5
        spin_speed = 800..1600/100
        water_consumption = 35..90/1
        programme_count = 6..24/1
        installation_type = freestanding; built_in; undercounter
        energy_class = A; B; C; D; E
        energy_consumption = 40..220/5
        connectivity ?50 = wifi; bluetooth
        smart_home ?40 = voice assistant; mobile app
        coffee-machine | appliances | coffee machine | cafetera | 35 | 1500 | goods sized electric
        power = 800..1800/50
        noise_level = 52..75/1
        voltage = 127; 220
        weight = 1200..14000/100
        pump_pressure = 9; 15; 19; 20
        water_tank = 0.6..2.6/0.1
        milk_frother = 50%
        coffee_form = beans; ground; capsules
        programme_count = 1..16/1
        energy_consumption ?50 = 20..90/5
        vacuum-cleaner | appliances | vacuum cleaner | aspiradora | 50 | 900 | goods sized electric
        power = 120..1600/20
        noise_level = 58..82/1
        voltage = 18; 22; 127; 220
        weight = 1200..9000/100
        dust_capacity = 0.3..4/0.1
        suction_pressure = 10..32/1
        cordless = 60%
        runtime ?60 = 15..120/5
        battery_replaceable = 60%
        connectivity ?40 = wifi; bluetooth
        smart_home ?35 = voice assistant; mobile app
        t-shirt | apparel | T-shirt | playera | 6 | 70 | soft goods
        garment_size = XS; S; M; L; XL; XXL
        fit = slim; regular; loose
        wearer = women; men; unisex; children
        sleeve = short; long; none
        fabric_weight = 120..240/5
        care = machine_wash_30; machine_wash_60; hand_wash; no_tumble_dry
        weight = 80..400/10
        jacket | apparel | jacket | chamarra | 30 | 480 | soft goods
        garment_size = XS; S; M; L; XL; XXL
        fit = slim; regular; loose
        wearer = women; men; unisex; children
        sleeve = long; none
        fabric_weight ?70 = 150..420/10
        seasons = spring; summer; autumn; winter
        water_column ?70 = 1000..28000/1000
        hood = 60%
        care = machine_wash_30; hand_wash; dry_clean; no_tumble_dry
        weight = 250..1900/10
        safety-shoe | apparel | safety shoe | calzado de seguridad | 35 | 220 | soft goods
        shoe_size_eu = 35..48/0.5
        wearer = women; men; unisex
        toe_cap = steel; composite; aluminium
        safety_class = S1; S1P; S2; S3; S5
        slip_resistance = SRA; SRB; SRC
        weight = 700..1900/10
        coffee | food | coffee | café | 4 | 60 | consumed goods
        coffee_form = beans; ground; capsules; instant
        roast = light; medium; dark
        growing_region = Chiapas; Veracruz; Oaxaca; Puebla; Huehuetenango
        net_weight = 250; 340; 500; 1000
        caffeine ?60 = 5..140/5
        organic = 35%
        diet ?60 = vegan; kosher; halal
        contains_allergens ?60 = none
        shelf_life = 90..540/30
        best_before = 60..500/10
        ingredient_list ?80 = Roasted coffee; Roasted arabica coffee; Coffee, natural flavor
        snack | food | snack | botana | 1 | 25 | consumed goods
        net_weight = 30..900/10
        ingredient_list = Corn, oil, salt; Almonds, sea salt; Oats, dates, cocoa; Potatoes, oil, chili; Dried mango
        contains_allergens = gluten; milk; soy; peanuts; tree_nuts; sesame; none
        diet ?70 = vegan; vegetarian; gluten_free; kosher; sugar_free
        energy_per_100g = 900..2500/10
        fat_per_100g = 0..45/0.5
        sugar_per_100g = 0..60/0.5
        protein_per_100g = 1..30/0.5
        salt_per_100g = 0..3/0.1
        organic = 25%
        vegan = 45%
        shelf_life = 60..365/5
        best_before = 30..300/5
        storage_temperature_max = 18; 20; 25; 30
        beverage | food | beverage | bebida | 1 | 30 | consumed goods
        net_content = 200; 330; 355; 500; 600; 1000; 2000
        ingredient_list ?80 = Water, agave syrup, lime; Water, hibiscus, cane sugar; Coconut water; Carbonated water
        contains_allergens ?50 = none; soy; milk
        diet ?70 = vegan; gluten_free; lactose_free; sugar_free
        energy_per_100g = 0..260/5
        fat_per_100g = 0..4/0.1
        sugar_per_100g = 0..14/0.1
        protein_per_100g = 0..6/0.1
        salt_per_100g = 0..1/0.05
        caffeine ?50 = 0..160/5
        organic = 25%
        vegan = 80%
        shelf_life = 60..540/10
        best_before = 30..400/5
        storage_temperature_max = 8; 20; 25; 30
        skin-care | beauty | face cream | crema facial | 5 | 140 | consumed goods
        net_content = 30; 50; 75; 100; 150; 200
        skin_types = dry; oily; sensitive; combination; normal
        sun_protection_factor ?60 = 15; 20; 30; 50
        acidity ?60 = 4.5..7.5/0.1
        fragrance = none; citrus; floral; herbal; vanilla
        active_ingredients = hyaluronic_acid; niacinamide; retinol; vitamin_c; aloe_vera
        cruelty_free = 70%
        vegan = 55%
        period_after_opening = 6; 9; 12; 18; 24
        minimum_age ?30 = 3; 12; 18
        shampoo | beauty | shampoo | champú | 3 | 60 | consumed goods
        net_content = 100; 250; 300; 400; 500; 1000
        hair_types = dry; oily; fine; curly; colored
        acidity ?60 = 4.5..7/0.1
        fragrance = none; citrus; floral; herbal; vanilla
        active_ingredients ?70 = keratin; biotin; aloe_vera; niacinamide
        cruelty_free = 70%
        vegan = 60%
        period_after_opening = 6; 12; 18; 24
        cordless-drill | tools | cordless drill | taladro inalámbrico | 40 | 460 | small goods
        torque = 20..140/5
        battery_voltage = 10.8; 12; 18; 20; 36
        battery_charge = 1.5; 2; 3; 4; 5; 8
        battery_chemistry = lithium_ion
        battery_platform = Nodo 12; Nodo 18; Brío 20
        batteries_included = 0; 1; 2
        battery_replaceable = 95%
        no_load_speed = 400..2200/50
        chuck_size = 10; 13
        brushless = 60%
        cordless = 100%
        runtime ?60 = 15..120/5
        noise_level = 68..98/1
        minimum_age ?40 = 16; 18
        fastener | tools | screw | tornillo | 2 | 70 | goods
        thread = M3; M4; M5; M6; M8; M10; M12
        head_type = countersunk; pan; hex; cap
        drive = Torx; Phillips; Pozidriv; hex; slotted
        strength_class = 4.8; 8.8; 10.9; 12.9; A2-70; A4-80
        length = 6..160/2
        diameter = 3; 4; 5; 6; 8; 10; 12
        net_weight = 100..5000/50
        paint | tools | paint | pintura | 10 | 160 | consumed goods
        net_content = 750; 1000; 2500; 4000; 10000; 19000
        coverage = 6..180/2
        drying_time = 0.5..24/0.5
        paint_base = water; solvent
        voc_content = 0..450/10
        storage_temperature_max = 25; 30; 35
        weight = 900..26000/100
        tire | automotive | tire | llanta | 45 | 420 | goods
        tire_width = 155..315/10
        tire_profile = 35..80/5
        rim_diameter = 13..21/1
        load_index = 70..115/1
        speed_rating = T; H; V; W; Y
        tire_season = summer; winter; all_season
        wet_grip = A; B; C; D; E
        rolling_noise = 66..75/1
        vehicle_makes ?60 = Volta; Mira; Sierra Motors; Kappa; Orion Auto
        diameter ?60 = 540..780/5
        weight = 6000..16000/100
        motor-oil | automotive | motor oil | aceite de motor | 8 | 120 | consumed goods
        viscosity_grade = 0W-20; 0W-30; 5W-30; 5W-40; 10W-40; 15W-40
        oil_specifications = API SP; API SN; ACEA C3; ACEA A3/B4; ILSAC GF-6
        oil_base = synthetic; semi_synthetic; mineral
        vehicle_makes ?70 = Volta; Mira; Sierra Motors; Kappa; Orion Auto
        net_content = 946; 1000; 4000; 5000; 20000
        car-battery | automotive | car battery | batería para auto | 60 | 380 | small goods
        battery_voltage = 6; 12; 24
        battery_charge = 35..110/5
        battery_chemistry = AGM; EFB; lead_acid
        cold_cranking_current = 300..1000/20
        terminal_layout = positive_right; positive_left
        vehicle_makes ?70 = Volta; Mira; Sierra Motors; Kappa; Orion Auto
        bicycle | sports | bicycle | bicicleta | 140 | 3200 | goods sized
        weight = 7000..28000/100
        frame_size = 43..62/1
        wheel_size = 20; 24; 26; 27.5; 28; 29
        gear_count = 1; 3; 7; 8; 11; 12; 21
        brake_type = disc_hydraulic; disc_mechanical; rim; coaster
        bicycle_kind = city; mountain; road; gravel; cargo
        electric_assist = 30%
        max_load = 90..220/10
        assembly_required = 70%
        sports = cycling
        skill_level = beginner; intermediate; advanced
        tent | sports | tent | casa de campaña | 40 | 720 | goods
        persons = 1..8/1
        water_column = 1000..8000/500
        packed_length = 30..75/1
        setup_time = 2..30/1
        season_rating = 2; 3; 4
        sports = camping; hiking
        weight = 900..14000/100
        dumbbell | sports | dumbbell | mancuerna | 8 | 420 | goods
        weight = 1000..40000/500
        weight_step ?60 = 0.5; 1; 2; 2.5
        grip_diameter = 25..36/1
        sports = fitness; weightlifting
        board-game | toys | board game | juego de mesa | 8 | 110 | small goods
        players_min = 1; 2; 3
        players_max = 4; 5; 6; 8
        play_time = 10..180/5
        recommended_age = 3; 5; 6; 8; 10; 12; 14
        piece_count ?70 = 20..600/5
        rule_languages = en; es; de; fr
        game_mechanics = cooperative; dice; cards; strategy; trivia
        learning_goals ?60 = logic; language; creativity
        skill_level = beginner; intermediate; advanced
        building-set | toys | building set | juego de construcción | 9 | 320 | small goods
        piece_count = 30..4000/10
        recommended_age = 3; 4; 6; 8; 10; 14; 18
        batteries_required = 20%
        learning_goals = motor_skills; logic; science; creativity
        dog-food | pet-garden | dog food | alimento para perro | 6 | 120 | consumed goods
        animal = dog
        life_stage = puppy; adult; senior
        breed_sizes = small; medium; large
        grain_free = 35%
        main_protein = chicken; beef; salmon; lamb; insect
        net_weight = 400..20000/100
        protein_per_100g = 18..38/1
        energy_per_100g = 1200..1900/10
        ingredient_list ?70 = Chicken, rice, vegetables; Beef, peas, beet pulp; Salmon, potato; Lamb, oats
        organic = 15%
        shelf_life = 180..720/30
        lawn-mower | pet-garden | lawn mower | podadora | 90 | 1700 | goods sized
        weight = 9000..48000/500
        cutting_width = 30..60/1
        cutting_height_max = 50..100/5
        lawn_area = 100..3000/50
        power_source = battery; mains; petrol; manual
        mulching = 50%
        cordless = 50%
        runtime ?50 = 20..90/5
        battery_voltage ?50 = 18; 36; 40; 56
        battery_charge ?50 = 2; 4; 5; 7.5
        battery_platform ?50 = Nodo 18; Brío 40
        batteries_included ?50 = 0; 1; 2
        noise_level = 60..98/1
        cleaning-service | services | cleaning service | servicio de limpieza | 20 | 220 | service
        service_area = CDMX; Puebla; Querétaro; Jalisco; Nuevo León
        service_place = on_site
        travel_radius = 5..60/5
        hourly_rate = 900..4500/100
        recurring = once; weekly; biweekly; monthly
        repair-service | services | repair service | servicio de reparación | 25 | 480 | service
        service_area = CDMX; Puebla; Querétaro; Jalisco; Nuevo León
        service_place = on_site; at_provider
        travel_radius = 5..80/5
        hourly_rate = 1200..6500/100
        response_within = 2; 4; 8; 24; 48; 72
        training-course | services | training course | curso de capacitación | 40 | 1600 | service
        service_area = CDMX; Puebla; Querétaro; Jalisco; Nuevo León
        service_place = at_provider; remote
        participants_max = 1..30/1
        recurring = once; weekly; monthly
        skill_level = beginner; intermediate; advanced
        certificate_issued = 75%
        installation-service | services | installation service | servicio de instalación | 30 | 700 | service
        service_area = CDMX; Puebla; Querétaro; Jalisco; Nuevo León
        service_place = on_site
        travel_radius = 5..80/5
        hourly_rate = 1200..6500/100
        response_within = 4; 8; 24; 48; 72
        accessory_for = washing-machine; refrigerator; printer; router
        """;

    /// <summary>Attributes of every service.</summary>
    public const string Services = """
        [service]
        service_duration = 1..8/0.5
        cancellation_terms = free; fee; non_refundable
        cancellation_window = 2; 12; 24; 48; 72
        cancellation_fee ?60 = 10; 25; 50; 100
        booking_notice = 2; 12; 24; 48
        bookable = 85%
        staff_qualifications = electrician; background_checked; insured; certified_trainer
        spoken_languages = en; es; de
        materials_included = 50%
        warranty_type ?50 = on_site
        installation_available ?30 = 50%
        """;

    /// <summary>Invented brands, by department.</summary>
    public static readonly IReadOnlyDictionary<string, string[]> Brands = new Dictionary<string, string[]>
    {
        ["computing"] = ["Veltra", "Nimbo", "Korda", "Lumenar", "Ostrix", "Pixela"],
        ["office"] = ["Tinta", "Papelar", "Orbis", "Trazo", "Foliora"],
        ["furniture"] = ["Robledal", "Asentia", "Maderia", "Ergovia", "Planoz"],
        ["appliances"] = ["Frisca", "Lavanda Home", "Molinero", "Aerys", "Calora"],
        ["apparel"] = ["Hilandera", "Cumbre", "Pasofirme", "Telarix", "Bramante"],
        ["food"] = ["Milpa", "Sierra Tostada", "Granela", "Agua Clara", "Raizal"],
        ["beauty"] = ["Dermalia", "Rocío", "Florana", "Piel de Luna"],
        ["tools"] = ["Nodo", "Brío", "Ferretto", "Roscar", "Colorin"],
        ["automotive"] = ["Rodamar", "Viscora", "Arrancatec", "Kilometra"],
        ["sports"] = ["Pedalia", "Vereda", "Hierro Sur", "Montaraz"],
        ["toys"] = ["Ludika", "Cubetto", "Tablero Feliz", "Ensambla"],
        ["pet-garden"] = ["Canela Pets", "Huerta", "Verdal", "Colita"],
        ["services"] = ["Limpio Ya", "Arreglatec", "Aprendia", "Instalmex"],
    };

    /// <summary>What tells models apart, in English and in Spanish ("línea …").</summary>
    public static readonly (string English, string Spanish)[] Lines =
    [
        ("Quiet", "silenciosa"), ("Light", "ligera"), ("Compact", "compacta"), ("Sturdy", "resistente"), ("Everyday", "diaria"),
        ("Pro", "profesional"), ("Essential", "esencial"), ("Premium", "superior"), ("Eco", "ecológica"), ("Family", "familiar"),
    ];
}
