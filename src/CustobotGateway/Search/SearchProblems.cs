using CustobotGateway.Common;

namespace CustobotGateway.Search;

/// <summary>The refusals of searches. A request with several faults of different kinds is refused as <c>invalid_request</c>, with each fault's own code in <c>errors</c>.</summary>
public static class SearchProblems
{
    /// <summary>No attribute has that key.</summary>
    public static readonly ProblemType UnknownAttribute = new("unknown_attribute", 422, "There is no such attribute",
        "The registry has no attribute of that key. The detail names the nearest keys; GET /v1/search/filters lists all that can be asked.");

    /// <summary>The attribute is shown with products only.</summary>
    public static readonly ProblemType AttributeNotSearchable = new("attribute_not_searchable", 422, "The attribute cannot be searched",
        "The attribute is shown with the product (GET /v1/products/{id}) and takes no part in searches.");

    /// <summary>The attribute's type lacks the operator.</summary>
    public static readonly ProblemType OperatorNotSupported = new("operator_not_supported", 422, "The attribute does not have this operator",
        "Operators follow from the attribute's type; the detail lists those that it has.");

    /// <summary>The attribute cannot be sorted by.</summary>
    public static readonly ProblemType SortNotSupported = new("sort_not_supported", 422, "The attribute cannot be sorted by",
        "Sets and places have no order, and some attributes are registered as not sortable.");

    /// <summary>The attribute has no facet of this kind.</summary>
    public static readonly ProblemType FacetNotSupported = new("facet_not_supported", 422, "The attribute does not have this facet",
        "Text and places are not counted by value; statistics and ranges are for numbers, amounts and dates.");

    /// <summary>The operand is of another type than the attribute's values.</summary>
    public static readonly ProblemType ValueTypeMismatch = new("value_type_mismatch", 422, "The value is not of the attribute's type",
        "The detail says what a value of this attribute looks like.");

    /// <summary>The operand has the right type and a form that is not valid: a date that does not exist, a wrong check digit.</summary>
    public static readonly ProblemType ValueInvalid = new("value_invalid", 422, "The value is not valid",
        "The value cannot be read as one of this attribute: a date that does not exist, a wrong check digit, a fraction of a minor unit. The detail says which.");

    /// <summary>The operand is beyond what values can be.</summary>
    public static readonly ProblemType ValueOutOfRange = new("value_out_of_range", 422, "The value is out of range",
        "No product can have such a value; the detail gives the bounds.");

    /// <summary>Nobody knows the unit.</summary>
    public static readonly ProblemType UnknownUnit = new("unknown_unit", 422, "The unit is not known",
        "Units are UCUM codes (kg, [lb_av], Cel) or one of the listed aliases; GET /v1/search/filters lists those that an attribute takes.");

    /// <summary>The unit measures something else.</summary>
    public static readonly ProblemType UnitNotConvertible = new("unit_not_convertible", 422, "The unit does not convert to the attribute's",
        "The unit measures another quantity than the attribute, or the attribute has no unit. The detail names units that convert.");

    /// <summary>The lower bound is above the upper.</summary>
    public static readonly ProblemType RangeReversed = new("range_reversed", 422, "The range is reversed",
        "The lower bound is above the upper bound, so that nothing could match. Exchange them.");

    /// <summary>No product has an amount in that currency.</summary>
    public static readonly ProblemType CurrencyNotAvailable = new("currency_not_available", 422, "No product has an amount in this currency",
        "Amounts are compared in their own currency only, since no exchange rates are configured. The detail names the currencies that there are.");

    /// <summary>Amounts in several currencies cannot be counted together.</summary>
    public static readonly ProblemType CurrencyRequired = new("currency_required", 422, "The currency must be named",
        "Products have amounts in several currencies: give the facet a currency, or constrain the attribute in one.");

    /// <summary>More constraints than a request may have.</summary>
    public static readonly ProblemType TooManyConstraints = new("too_many_constraints", 400, "The request has too many constraints",
        "A request holds at most 256 constraints, groups included.");

    /// <summary>Groups in groups in groups.</summary>
    public static readonly ProblemType NestingTooDeep = new("nesting_too_deep", 400, "The request is nested too deeply",
        "Groups (any, all, not) nest to 8.");

    /// <summary>A list or string is longer than it may be.</summary>
    public static readonly ProblemType LimitExceeded = new("limit_exceeded", 400, "A part of the request is larger than allowed",
        "The detail names the limit: 1,000 values in a list, 200 facets, 200 selected attributes, 16 sort keys, 512 characters and 32 words of query.");

    /// <summary>Page size or offset out of bounds.</summary>
    public static readonly ProblemType PageOutOfBounds = new("page_out_of_bounds", 400, "The page is out of bounds",
        "A page has 1 to 100 products, an offset is 0 to 10,000; beyond, follow page.next.");

    /// <summary>The cursor was not made here or was changed.</summary>
    public static readonly ProblemType CursorInvalid = new("cursor_invalid", 400, "The cursor is not valid",
        "Cursors are opaque: pass page.next of an answer unchanged as page.after.");

    /// <summary>The cursor belongs to another search.</summary>
    public static readonly ProblemType CursorOfAnotherQuery = new("cursor_of_another_query", 400, "The cursor belongs to another search",
        "A cursor goes on with the search that gave it: query, must, should, must_not and sort must be the same; select, facets, page size and explain may change.");

    /// <summary>The first load is not done.</summary>
    public static readonly ProblemType CatalogLoading = new("catalog_loading", 503, "The catalogue is being loaded",
        "The gateway has just started and reads the catalogue into memory: retry after the seconds in Retry-After.");

    /// <summary>All of them, for the published pages and the guard tests.</summary>
    public static readonly IReadOnlyList<ProblemType> All =
    [
        UnknownAttribute, AttributeNotSearchable, OperatorNotSupported, SortNotSupported, FacetNotSupported, ValueTypeMismatch, ValueInvalid,
        ValueOutOfRange, UnknownUnit, UnitNotConvertible, RangeReversed, CurrencyNotAvailable, CurrencyRequired, TooManyConstraints,
        NestingTooDeep, LimitExceeded, PageOutOfBounds, CursorInvalid, CursorOfAnotherQuery, CatalogLoading,
    ];
}
