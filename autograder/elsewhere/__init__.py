"""Result files for systems that run the kit on machines of their own, and the packages that they take."""
