"""Stories about stress sets: variants, alternates left out, the out-of-scope pack, collisions."""
