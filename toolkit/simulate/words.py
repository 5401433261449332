"""Categories of the catalogue, and the words that titles are made of."""

from __future__ import annotations

from typing import Final

CATEGORIES: Final[dict[str, tuple[str, ...]]] = {
    "home-kitchen": ("garlic press", "frying pan", "spice rack", "kettle", "cutting board", "baking tin"),
    "phone-accessories": ("phone case", "charging cable", "screen protector", "car mount", "power bank", "pop grip"),
    "audio": ("earbuds", "bluetooth speaker", "headphones", "microphone", "audio adapter", "soundbar"),
    "computers": ("usb hub", "keyboard", "mouse", "laptop stand", "webcam", "memory card"),
    "women-fashion": ("dress", "blouse", "skirt", "cardigan", "scarf", "leggings"),
    "men-fashion": ("t-shirt", "polo shirt", "jeans", "belt", "jacket", "socks"),
    "shoes": ("sneakers", "sandals", "slippers", "running shoes", "boots", "loafers"),
    "beauty": ("lip balm", "face serum", "hair mask", "nail polish", "sunscreen", "makeup brush"),
    "health": ("vitamin gummies", "knee brace", "massage ball", "thermometer", "first aid kit", "posture strap"),
    "baby": ("baby bib", "pacifier", "diaper bag", "baby bottle", "teether", "swaddle"),
    "toys": ("puzzle", "building blocks", "plush bear", "race track", "card game", "kite"),
    "sports": ("yoga mat", "jump rope", "dumbbell", "bike light", "swim goggles", "tennis grip"),
    "garden": ("hose nozzle", "plant pot", "pruning shears", "solar lamp", "seed tray", "bird feeder"),
    "pets": ("dog leash", "cat tree", "pet brush", "chew toy", "fish feeder", "litter mat"),
    "tools": ("screwdriver set", "drill bit", "tape measure", "work gloves", "utility knife", "clamp"),
    "car": ("seat cover", "air freshener", "dash camera", "tyre inflator", "floor mat", "wiper blade"),
    "office": ("notebook", "gel pen", "desk organiser", "label maker", "stapler", "sticky notes"),
    "grocery": ("ground coffee", "green tea", "rice noodles", "olive oil", "honey", "trail mix"),
    "books": ("cookbook", "phrase book", "colouring book", "novel", "atlas", "planner"),
    "jewellery": ("necklace", "ear studs", "bracelet", "ring box", "watch strap", "brooch"),
    "luggage": ("backpack", "suitcase", "travel pillow", "packing cubes", "waist bag", "luggage tag"),
    "lighting": ("led strip", "desk lamp", "night light", "fairy lights", "bulb", "ceiling lamp"),
    "gaming": ("controller", "game headset", "thumb grips", "mouse pad", "console stand", "cable sleeve"),
    "stationery-craft": ("yarn", "acrylic paint", "bead kit", "sketch pad", "glue gun", "washi tape"),
}
"""Category -> what is sold in it."""

ADJECTIVES: Final = (
    "compact",
    "steel",
    "soft",
    "foldable",
    "classic",
    "premium",
    "eco",
    "large",
    "mini",
    "portable",
    "bright",
    "matte",
)
SUFFIXES: Final = ("", " 2-pack", " set", " with case", " for travel", " black", " blue", " refill", " pro", " XL")

NAMES: Final = tuple(CATEGORIES)
"""Category ids, in the order of their numbers."""

APPAREL: Final = frozenset(NAMES.index(name) for name in ("women-fashion", "men-fashion", "shoes"))
"""Categories where size decides, and returns are common."""

REASONS: Final = (
    "size_or_fit",
    "changed_mind",
    "damaged",
    "not_as_described",
    "missing_parts",
    "arrived_late",
    "quality",
    "empty_parcel",
    "counterfeit",
)
"""Refund reasons, in the order of their numbers."""
