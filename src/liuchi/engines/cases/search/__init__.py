"""Finding cases by number, words, address, class and unit, in Chinese and in pinyin."""
