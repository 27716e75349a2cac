"""What shops sell, and its parts: nouns that may be said to be wrong without turning a request.

Nothing that can be paid back apart from the goods belongs here: no shipping, fee, tax or voucher.
"""

from __future__ import annotations

_LIST = """
    adapter aerial airfryer alarm album anklet antenna apron aquarium arm armchair armrest
    awning axe backpack backrest bag ball balloon bandage barbecue base basin basket basketball
    bath bathmat bathrobe battery bbq bead beanbag beanie bearing bed bedding bedframe bedsheet
    bedspread beer bell belt bench bib bicycle bike bikini bin binder binoculars birdhouse
    biscuit blade blanket blazer blender blind blouse board boardgame bodysuit boiler bolt book
    bookcase bookend booklet bookshelf boot bottle bowl boxers bracelet bracket bra brake bread
    broom brush bucket buckle buggy bulb bumper bureau button cabinet cable cage cake calculator
    calendar camera canvas cap cape car carafe cardigan carpet carrier cartridge case cassette
    casserole cd ceiling cello chain chair chandelier charger cheese chest chimney chisel
    chocolate chopper cleaner clip cloak clock cloth clothes coat coaster coffee coffeemaker
    coffeepot colander collar comb comforter compass computer console container controller
    cooker cookbook cookie cooler cord cork corset cosmetics costume cot couch counter cover
    coverlet cradle crate crayon cream crib crockery cup cupboard curtain cushion cutlery
    cylinder dashcam deckchair decoration dehumidifier desk detector dial diary dice dish
    dishwasher dispenser display doll dollhouse door doorbell doormat drain drawer dress dresser
    dressing drill drone drum dryer dumbbell duvet dvd earbud earbuds earphone earphones
    earpiece earplug earring easel eiderdown elastic engine envelope eraser espresso extension
    eyeliner fabric fan faucet figurine file filter fireplace flannel flask flap floor flour
    flower flowers flowerpot flute folder food football footstool fork frame freezer fridge
    fruit fryer fuse gamepad game garden garment gate gauge generator glass glasses globe glove
    glue goggles gown grater greenhouse grill grinder guitar hair hairbrush hairdryer hairpin
    hammer hammock hamper handbag handkerchief handle handset hanger hard-drive harness hat
    headband headboard headphone headphones headset heater heel helmet hem hinge hob hoodie hook
    hoover hose humidifier iron jacket jar jeans jersey jewellery jewelry jigsaw jug juicer
    jumper jumpsuit kennel kettle keyboard keyring kit kitchen kite knife knives knob lace laces
    ladder ladle lampshade lamp lantern laptop lawnmower lead leash leg legging leggings lens
    lid lightbulb light lighter lining lipstick lock locket loudspeaker lunchbox machine
    magazine magnet maker manual marker mascara mask mat mattress meter mic microphone
    microscope microwave mirror mixer mobile model monitor mop motor motorbike mould mouse
    mousepad mower mug multitool nail napkin necklace needle net nightdress nightgown nightie
    nightlight notebook nozzle oil ornament ottoman outfit oven overalls pacifier pad paddle
    padlock paint painting pan pannier pans pants paper parasol part pedal peg pen pencil
    pendant perfume phone photoframe piano picnic piece pillow pillowcase pin pipe planter plant
    plate platter playmat playpen plug pocket polish polo poncho pool porcelain poster pot pouch
    pouffe power powerbank pram press pressure printer projector propeller pullover pump puppet
    purse pushchair puzzle pyjama pyjamas pajamas quilt rack racket radiator radio raincoat rake
    razor receiver recliner recorder refrigerator remote rice rim ring robe robot rod roller
    rope router rubber rucksack rug ruler runner saddle salt sandal sandals satchel saucepan
    saucer saw scale scales scanner scarf scarves scissors scooter screen screw screwdriver seam
    seat seatbelt secateurs sensor set sewing shampoo sharpener shaver shawl shears shed sheet
    shelf shelves shelving shirt shoe shoelace shorts shovel shower shredder shutter sideboard
    sink sieve skate skateboard skewer ski skillet skirt slat slide sleeping sleeve slipper
    sleeper slow smartphone smartwatch sneaker soap sock socket sofa sole soundbar soup spade
    spanner spatula speaker spice spoke sponge spoon spout spray spring sprinkler stand stapler
    statue steamer steering stereo sticker stitching stool stopwatch stove strap straightener
    stroller suit suitcase sundress sunglasses sunhat sunscreen sweater sweatshirt swimming
    swimsuit swing switch syringe t-shirt table tablecloth tablemat tablet tackle tank tap tape
    tea teacup teapot teaset teddy tee telephone telescope television tent thermometer thermos
    thermostat thread tie tights tile timer tin tire toaster toilet tong tongs tool toolbox
    toothbrush toothpaste torch towel toy tracksuit trailer trainers trainer trampoline tray
    treadmill tricycle trimmer tripod trolley trouser trousers trowel trunk tshirt tub tube
    tumbler tunic turntable tv tyre ukulele umbrella underwear uniform unit usb vacuum valve
    varnish vase veil vest vinyl violin visor waffle waistcoat walker wallet wallpaper
    walkie-talkie wardrobe washer watch watchband watchstrap water waterproof webcam wetsuit
    wheel wheelbarrow wheelchair whisk whistle wig window wine wire wok workbench wrapper wreath
    wrench wristband yarn yoga zip zipper
"""
_GOODS = frozenset(_LIST.split())


def is_goods(word: str) -> bool:
    """Tell whether a word names goods, or several of a kind."""
    singular = (word, word.removesuffix("s"), word.removesuffix("es"))
    return any(each in _GOODS for each in singular)
