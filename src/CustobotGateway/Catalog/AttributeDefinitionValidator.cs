using System.Text.RegularExpressions;
using FluentValidation;

namespace CustobotGateway.Catalog;

/// <summary>What a definition must keep to, from a file or a request.</summary>
public sealed partial class AttributeDefinitionValidator : AbstractValidator<AttributeDefinition>
{
    /// <summary>The rules.</summary>
    public AttributeDefinitionValidator()
    {
        RuleFor(definition => definition.Key).Cascade(CascadeMode.Stop)
            .Must(key => KeyForm().IsMatch(key)).WithErrorCode("wrong_form")
            .WithMessage($"A key is lower-case snake_case, starts with a letter and has 1 to {AttributeLimits.KeyLength} characters, for example 'screen_size'.")
            .Must(key => !AttributeLimits.ReservedKeys.Contains(key)).WithErrorCode("reserved").WithMessage(definition => $"'{definition.Key}' is reserved: every product has it by itself.");
        RuleFor(definition => definition.Type).IsInEnum();
        Text(RuleFor(definition => definition.Title), AttributeLimits.TitleLength);
        Text(RuleFor(definition => definition.Description), AttributeLimits.DescriptionLength);
        Unit();
        RuleFor(definition => definition.FullText).Must((definition, fullText) => fullText != true || IsWords(definition.Type))
            .WithErrorCode("not_for_type").WithMessage("Only text, keyword and keyword_set can be full_text.");
        RuleFor(definition => definition.Language).Must(language => language is null || LanguageForm().IsMatch(language))
            .WithErrorCode("wrong_form").WithMessage("A language is a BCP 47 tag, for example 'en' or 'es-MX'.");
        RuleFor(definition => definition.Values).Must((definition, values) => values is not { Count: > 0 } || definition.Type is AttributeType.Keyword or AttributeType.KeywordSet)
            .WithErrorCode("not_for_type").WithMessage("Only keyword and keyword_set list values.")
            .Must(values => values is null || values.Count <= AttributeLimits.Values).WithErrorCode("too_many").WithMessage($"An attribute lists at most {AttributeLimits.Values} values.")
            .Must(values => values is null || values.DistinctBy(term => term?.Value).Count() == values.Count).WithErrorCode("duplicate").WithMessage("A value is listed twice.");
        RuleForEach(definition => definition.Values).SetValidator(new TermValidator());
        Names(RuleFor(definition => definition.Categories));
        Names(RuleFor(definition => definition.SameAs));
        RuleFor(definition => definition.Labels).Must(labels => labels is null || labels.Count <= AttributeLimits.Names && labels.All(pair => LanguageForm().IsMatch(pair.Key) && IsLabel(pair.Value)))
            .WithErrorCode("wrong_form").WithMessage("Labels are {\"title\",\"description\",\"synonyms\"} by BCP 47 tag, within the lengths of the attribute's own.");
    }

    private void Unit()
    {
        RuleFor(definition => definition.Unit).Cascade(CascadeMode.Stop)
            .Must((definition, unit) => unit is null || RegisteredAttribute.IsNumeric(definition.Type) || definition.Type is AttributeType.Money)
            .WithErrorCode("not_for_type").WithMessage("Only measure, duration, integer, decimal and money have a unit.")
            .Must((definition, unit) => unit is null || definition.Type is AttributeType.Money || Units.TryDeclare(unit, out _))
            .WithErrorCode("wrong_form").WithMessage("A unit is a UCUM code, a known name, or up to 24 characters of your own without spaces.")
            .Must((definition, unit) => unit is null || definition.Type is not AttributeType.Duration || (Units.TryParse(unit, out var time) && time.IsCommensurable(Units.Second)))
            .WithErrorCode("unit_mismatch").WithMessage("A duration's unit is one of time: s, min, h, d, wk, mo or a.")
            .Must((definition, unit) => unit is null || definition.Type is not AttributeType.Money || CurrencyForm().IsMatch(unit))
            .WithErrorCode("wrong_form").WithMessage("The unit of money is an ISO 4217 code, for example 'USD'.");
    }

    private static bool IsWords(AttributeType type) => type is AttributeType.Text or AttributeType.Keyword or AttributeType.KeywordSet;

    private static void Text<T>(IRuleBuilder<T, string?> rule, int length) => rule
        .Must(text => IsText(text, length)).WithErrorCode("wrong_length").WithMessage($"At most {length} characters, none of them NUL, and not empty.");

    private static void Names(IRuleBuilder<AttributeDefinition, IReadOnlyList<string>?> rule) => rule
        .Must(names => names is null || (names.Count <= AttributeLimits.Names && names.All(name => name is not null && IsText(name, AttributeLimits.TitleLength))))
        .WithErrorCode("wrong_length").WithMessage($"At most {AttributeLimits.Names} texts of at most {AttributeLimits.TitleLength} characters each.");

    private static bool IsText(string? text, int length) => text is null || (text.Length > 0 && text.Length <= length && !text.Contains('\0'));

    private static bool AreSynonyms(IReadOnlyList<string>? synonyms) =>
        synonyms is null || (synonyms.Count <= AttributeLimits.Synonyms && synonyms.All(synonym => synonym is not null && IsText(synonym, AttributeLimits.TitleLength)));

    private static bool IsLabel(AttributeLabels labels) => labels is not null
        && IsText(labels.Title, AttributeLimits.TitleLength) && IsText(labels.Description, AttributeLimits.DescriptionLength) && AreSynonyms(labels.Synonyms);

    [GeneratedRegex("^[a-z][a-z0-9_]{0,63}\\z")]
    private static partial Regex KeyForm();

    [GeneratedRegex("^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}\\z")]
    private static partial Regex LanguageForm();

    [GeneratedRegex("^[A-Z]{3}\\z")]
    private static partial Regex CurrencyForm();

    private sealed class TermValidator : AbstractValidator<AttributeTerm>
    {
        public TermValidator()
        {
            Text(RuleFor(term => term.Value), AttributeLimits.TitleLength);
            RuleFor(term => term.Synonyms).Must(AreSynonyms).WithErrorCode("wrong_length")
                .WithMessage($"At most {AttributeLimits.Synonyms} synonyms of at most {AttributeLimits.TitleLength} characters each.");
            RuleFor(term => term.Labels).Must(labels => labels is null || labels.All(pair => LanguageForm().IsMatch(pair.Key) && pair.Value is not null && IsText(pair.Value, AttributeLimits.TitleLength)))
                .WithErrorCode("wrong_form").WithMessage("Labels are texts by BCP 47 tag.");
        }
    }
}
