using FluentValidation;
using FluentValidation.Results;

namespace CustobotGateway.Search;

/// <summary>
/// The bounds of a search, whatever door it came through. One rule over the whole request: a rule for each member would cost more than the search.
/// </summary>
public sealed class SearchRequestValidator : AbstractValidator<SearchRequest>
{
    /// <summary>The rules.</summary>
    public SearchRequestValidator() => RuleFor(request => request).Custom(Check);

    /// <summary>The refusal, or null when the request keeps all bounds.</summary>
    internal static Common.Problem? Refusal(IValidator<SearchRequest> validator, SearchRequest request)
    {
        var result = validator.Validate(request);
        if (result.IsValid)
        {
            return null;
        }
        var errors = new SearchErrors();
        foreach (var failure in result.Errors)
        {
            var type = SearchProblems.All.FirstOrDefault(known => known.Code == failure.ErrorCode) ?? Common.CommonProblems.InvalidRequest;
            errors.Add(type, failure.PropertyName, failure.ErrorCode, failure.ErrorMessage);
        }
        return errors.ToProblem();
    }

    private static void Check(SearchRequest request, ValidationContext<SearchRequest> context)
    {
        if (request.Page is { } page)
        {
            CheckPage(page, context);
        }
        if (request.Query is { } query)
        {
            Limit(context, "/query", query.Length, SearchLimits.QueryCharacters, "characters");
            Limit(context, "/query", CountWords(query), SearchLimits.QueryWords, "words");
        }
        Limit(context, "/sort", request.Sort.Count, SearchLimits.SortKeys, "keys");
        Limit(context, "/select", request.Select?.Count ?? 0, SearchLimits.Select, "attributes");
        Limit(context, "/facets", request.Facets.Count, SearchLimits.Facets, "facets");
        for (var i = 0; i < request.Facets.Count; i++)
        {
            if (request.Facets[i].Ranges is { Count: > SearchLimits.FacetRanges })
            {
                Fail(context, $"/facets/{i}/ranges", SearchProblems.LimitExceeded.Code, $"A facet has at most {SearchLimits.FacetRanges} ranges.");
            }
            if (request.Facets[i].Limit is < 1 or > SearchLimits.FacetValues)
            {
                Fail(context, $"/facets/{i}/limit", SearchProblems.LimitExceeded.Code, $"A facet's limit is 1 to {SearchLimits.FacetValues}.");
            }
        }
        var count = 0;
        if (!CheckTree(request.Must, 0, ref count, context, "/must") || !CheckTree(request.Should, 0, ref count, context, "/should")
            || !CheckTree(request.MustNot, 0, ref count, context, "/must_not"))
        {
            return;
        }
        if (count > SearchLimits.Constraints)
        {
            Fail(context, "", SearchProblems.TooManyConstraints.Code, $"A request holds at most {SearchLimits.Constraints} constraints, groups included.");
        }
    }

    private static void CheckPage(PageClause page, ValidationContext<SearchRequest> context)
    {
        if (page.Size is < 1 or > SearchLimits.PageSize)
        {
            Fail(context, "/page/size", SearchProblems.PageOutOfBounds.Code, $"A page has 1 to {SearchLimits.PageSize} products.");
        }
        if (page.Offset is < 0 or > SearchLimits.Offset)
        {
            Fail(context, "/page/offset", SearchProblems.PageOutOfBounds.Code, $"An offset is 0 to {SearchLimits.Offset}; beyond, follow page.next.");
        }
        if (page is { After: not null, Offset: not null })
        {
            Fail(context, "/page", "after_and_offset", "A page starts after a cursor or at an offset, not both.");
        }
    }

    private static bool CheckTree(IReadOnlyList<Constraint> constraints, int depth, ref int count, ValidationContext<SearchRequest> context, string pointer)
    {
        if (depth > SearchLimits.Nesting)
        {
            Fail(context, pointer, SearchProblems.NestingTooDeep.Code, $"Groups (any, all, not) nest to {SearchLimits.Nesting}.");
            return false;
        }
        count += constraints.Count;
        for (var i = 0; i < constraints.Count; i++)
        {
            if (constraints[i].Values is { Count: > SearchLimits.Values })
            {
                Fail(context, pointer, SearchProblems.LimitExceeded.Code, $"values has at most {SearchLimits.Values} entries.");
            }
            if (constraints[i].Parts is { } parts && !CheckTree(parts, depth + 1, ref count, context, pointer))
            {
                return false;
            }
        }
        return true;
    }

    private static int CountWords(string query)
    {
        var (words, inWord) = (0, false);
        foreach (var letter in query)
        {
            if (char.IsWhiteSpace(letter))
            {
                inWord = false;
            }
            else if (!inWord)
            {
                inWord = true;
                words++;
            }
        }
        return words;
    }

    private static void Limit(ValidationContext<SearchRequest> context, string pointer, int count, int limit, string what)
    {
        if (count > limit)
        {
            Fail(context, pointer, SearchProblems.LimitExceeded.Code, $"At most {limit} {what} can be given here.");
        }
    }

    private static void Fail(ValidationContext<SearchRequest> context, string pointer, string code, string detail) =>
        context.AddFailure(new ValidationFailure(pointer, detail) { ErrorCode = code });
}
