"""Given names that are common in Estonia, by their sound: two of them that differ by a letter are two people."""

from typing import Final

from app.crm.contact_search.terms import sound_of, words_of

_COMMON: Final = """
    Aadu Aare Aarne Agnes Aili Ain Aino Aivar Aivo Aksel Albert Aleks Aleksander Aleksandr Aleksandra Aleksei Alla
    Allan Anastasia Anatoli Ander Anders Ando Andra Andre Andrei Andres Andrus Angela Angelina Anita Anna Anne
    Annela Anneli Anni Anton Ants Anu Arina Arne Arno Artjom Artur Arvi Arvo Asta Astrid Boris Bruno Daniel Daniil
    Daria Deniss Diana Dina Dmitri Eda Eduard Eeva Eevi Egle Eha Einar Eino Elena Eliise Elina Elise Ella Elle
    Ellen Elli Elmar Elve Elvi Endel Ene Eneli Enn Enno Erik Erika Erki Erkki Erle Ester Eva Eve Evelin Evelina
    Evi Galina Georg Georgi Gerda German Gert Gleb Greta Grete Hanna Hannes Hanno Hans Harri Harry Heidi Heigo
    Heiki Heikki Heino Hele Helen Helena Helga Heli Helle Helve Helvi Henri Henrik Herbert Hilda Hilja Hille Igor
    Ilja Ilmar Ilme Ilona Imbi Imre Indrek Inga Inge Inna Inno Ira Irina Irma Ivan Ivar Ivo Jaak Jaan Jaana
    Jaanika Jaanus Jan Jana Janar Janis Janne Jekaterina Jelena Jevgeni Jevgenia Juhan Juhani Julia Juri Juta
    Jutta Jüri Kaarel Kaari Kadi Kadri Kadrin Kai Kaia Kaidi Kaido Kaie Kaisa Kaja Kalev Kalju Kalle Karen Karin
    Karina Karl Karla Karmen Karmo Karoliina Karolina Kaspar Kasper Katarina Kati Katre Katri Katrin Katrina Kaur
    Kauri Keit Kerli Kersti Kerstin Kert Kertu Kevin Kirill Kirke Konstantin Kristel Kristi Kristian Kristiina
    Kristin Kristina Kristjan Kristo Kristofer Ksenia Kuldar Kuno Külli Küllike Laine Laura Lauri Lea Leho Leida
    Leili Lembit Lenna Leo Leon Leonid Lia Liana Lii Liia Liidia Liilia Liina Liis Liisa Liisi Liivi Liivia Lilia
    Lilian Lina Linda Ljubov Ljudmila Ly Maarika Maarit Maarja Maia Maie Maija Mait Maksim Mall Malle Mare Marek
    Maret Marge Margit Margus Mari Maria Marian Marianna Marianne Marika Marina Mario Marion Maris Marit Marje
    Marju Mark Marko Marku Markus Mart Marta Marten Martin Mathias Mati Matti Mattias Meeli Meelika Meelis Merike
    Merili Merilin Merle Mia Mihail Mihhail Mihkel Miia Mika Mikk Milvi Monika Moonika Märt Nadežda Natalia
    Natalja Nele Nelli Niina Nikita Nikolai Nina Oksana Oleg Olesja Olev Olga Oliver Olivia Olja Oskar Ott Otto
    Paul Paula Pavel Peep Peeter Piia Pille Piret Polina Priidik Priit Raido Raigo Raili Raimo Raimond Rain Raino
    Raivo Rasmus Raul Rauno Reelika Reet Regina Reigo Rein Reino Relika Renata Riho Riin Riina Ringa Ringo Rita
    Robert Robin Roland Roman Ruslan Ruth Rutt Saima Saimi Salme Sander Sandor Sandra Sergei Signe Sigrid Siim
    Siiri Silja Silver Silvi Silvia Siret Sirje Sirli Sofia Stanislav Stefan Sten Svetlana Taavet Taavi Taimi
    Taivo Tamara Tanel Tanja Tarmo Tarvo Tatjana Teele Teet Terje Tiia Tiina Tiit Tiiu Timo Timur Toivo Toom
    Toomas Triin Triinu Tõnis Tõnu Uku Uno Urmas Urmo Urve Vadim Vahur Vaido Vaike Valdek Valdeko Valdo Valentin
    Valentina Valeri Valeria Vambola Vassili Veera Veiko Veljo Vello Vera Victoria Viive Viivi Viktor Viktoria
    Viljar Viljo Villu Viorika Vitali Vitalia Vjatšeslav Vladimir Vladislav Vladislava Zinaida Zoja Ülar Ülari
    Ülle Ülo
"""

GIVEN_NAMES: Final = frozenset(sound_of(word) or word for name in _COMMON.split() for word in words_of(name))
"""By sound."""
