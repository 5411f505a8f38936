namespace CustobotGateway.BotDetection.Scoring;

/// <summary>Measures of how a customer writes, not of what.</summary>
internal enum ChatFeature
{
    Capitals,
    EndMarks,
    SmallI,
    Informal,
    Contractions,
    Polite,
    Spread,
    Length,
    Exclamations,
    Dots,
    Brief,
    OpeningComma,
    Sentences,
    WordLength,
    Repeats,
    Placeholders,
    Commas,
    Slips,
    FastReplies,
    Count,
}

/// <summary>How a measure is called and told.</summary>
/// <param name="Code">Its name.</param>
/// <param name="Software">What is said where it speaks for a language model.</param>
/// <param name="Person">What is said where it speaks for a person.</param>
/// <param name="Weight">What theory expects and allows of its weight.</param>
/// <param name="IsTypography">Whether it measures letters and marks, which a transcript has from its transcriber.</param>
internal sealed record ChatFeatureText(string Code, string Software, string Person, FeatureText Weight, bool IsTypography);

/// <summary>The measures in words.</summary>
internal static class ChatFeatureTexts
{
    private const double Most = 6;

    // How many sentences a message has differs more between language models than between them and people.
    private const double MostOfSentences = 2.5;

    public static readonly IReadOnlyList<ChatFeatureText> All = Build();

    private static ChatFeatureText[] Build()
    {
        var all = new ChatFeatureText[(int)ChatFeature.Count];
        void Add(ChatFeature feature, double expected, bool isTypography, string code, string software, string person) =>
            all[(int)feature] = new(code, software, person, new(code, software, expected, expected < 0 ? -MostOf(feature) : 0, expected > 0 ? MostOf(feature) : 0), isTypography);
        static double MostOf(ChatFeature feature) => feature == ChatFeature.Sentences ? MostOfSentences : Most;

        Add(ChatFeature.Capitals, 2, true, "chat_capitals", "Nearly every message begins with a capital.", "Messages begin without a capital.");
        Add(ChatFeature.EndMarks, 2, true, "chat_end_marks", "Nearly every message ends with a punctuation mark.", "Messages end without a punctuation mark.");
        Add(ChatFeature.SmallI, -2, true, "chat_small_i", "The word I is never written small.", "The word I is written small.");
        Add(ChatFeature.Informal, -2, false, "chat_informal", "There are no informal words or spellings.", "There are informal words and spellings.");
        Add(ChatFeature.Contractions, 0.5, false, "chat_contractions", "There are many contractions, regularly written.", "There are few contractions.");
        Add(ChatFeature.Polite, 1, false, "chat_polite", "Set polite phrases come again and again.", "There are few set polite phrases.");
        Add(ChatFeature.Spread, -1, false, "chat_spread", "The messages are of nearly the same length.", "The messages are of very different lengths.");
        Add(ChatFeature.Length, 2, false, "chat_length", "The messages are long.", "The messages are short.");
        Add(ChatFeature.Exclamations, -0.5, true, "chat_exclamations", "There are no exclamation marks.", "There are exclamation marks.");
        Add(ChatFeature.Dots, -1, true, "chat_dots", "No sentence trails off.", "Sentences trail off (..).");
        Add(ChatFeature.Brief, -2, false, "chat_brief", "There are no answers of one to three words.", "There are answers of one to three words.");
        Add(ChatFeature.OpeningComma, 1, true, "chat_opening_comma", "Answers open with one word and a comma.", "Answers seldom open with one word and a comma.");
        Add(ChatFeature.Sentences, -0.5, false, "chat_sentences", "A message holds one sentence.", "A message holds several sentences.");
        Add(ChatFeature.WordLength, 1, false, "chat_word_length", "The words are long.", "The words are short.");
        Add(ChatFeature.Repeats, 1.5, false, "chat_repeats", "A message comes again word for word.", "No message comes again.");
        Add(ChatFeature.Placeholders, 3, true, "chat_placeholders", "A placeholder in brackets was left where a name belongs.", "There are no placeholders.");
        Add(ChatFeature.Commas, 1, true, "chat_commas", "There are many commas.", "There are few commas.");
        Add(ChatFeature.Slips, -1.5, true, "chat_slips", "There are no slips of typing.", "There are slips of typing.");
        Add(ChatFeature.FastReplies, 3, false, "chat_fast_replies", "Answers came faster than people type.", "Answers took the time that typing takes.");
        return all;
    }
}
