*** Settings ***
Documentation       Look up at the carrier's page where a parcel is.
...                 Inputs: job_id, tracking_number. It changes nothing, so it may run any number of times.

Library             RPA.Robocorp.WorkItems
Library             RPA.Browser.Selenium    auto_close=${FALSE}
Library             automation.suites.Desk

Task Teardown       Close All Browsers


*** Tasks ***
Track Parcel
    TRY
        ${number}=    Get Work Item Variable    tracking_number
        Open The Carrier
        ${parcel}=    Find Parcel    ${number}
        Create Output Work Item    ${parcel}    save=${TRUE}
        Release Input Work Item    DONE
    EXCEPT    Parcel unknown*    type=GLOB
        Release Input Work Item    FAILED    BUSINESS    PARCEL_UNKNOWN
        ...    The carrier knows no parcel of this number.
    EXCEPT    KeyError: *    type=GLOB
        Release Input Work Item    FAILED    APPLICATION    INPUT_MISSING
        ...    The work item lacks the tracking number.
    EXCEPT    AS    ${why}
        Keep Picture    failure.png
        Release Input Work Item    FAILED    APPLICATION    CARRIER_SILENT    ${why}
    END


*** Keywords ***
Open The Carrier
    ${address}=    Carrier Address
    Open Headless Browser
    Go To    ${address}
    Wait Until Page Contains Element    id:number    timeout=20
    Say Step    opened

Find Parcel
    [Arguments]    ${number}
    Input Text    id:number    ${number}
    Click Button    id:track
    Wait Until Page Contains Element    css:#parcel, #unknown-parcel    timeout=20
    ${known}=    Get Element Count    id:parcel
    IF    not ${known}
        Keep Picture    refused.png
        Say Step    refused    refused.png
        Fail    Parcel unknown
    END
    ${number}=    Get Element Attribute    id:parcel    data-number
    ${expected}=    Get Element Attribute    id:parcel    data-expected
    ${state}=    Get Element Attribute    css:.scan    data-state
    ${place}=    Get Text    css:.scan .place
    ${at}=    Get Text    css:.scan .at
    Say Step    found
    ${facts}=    Create Dictionary    reference=${number}    state=${state}    place=${place}
    ...    seen_at=${at}    expected_on=${expected}
    ${outcome}=    Create Dictionary    outcome=done    code=PARCEL_FOUND    facts=${facts}
    RETURN    ${outcome}
